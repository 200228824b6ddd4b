package dev.fairlead.gateway;

import dev.fairlead.core.door.RestPages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which pages own which paths. Immutable. */
final class PagePaths {

  private static final Pattern PREFIX = Pattern.compile("(?:/[A-Za-z0-9._-]{1,63}){1,8}");
  private static final List<String> TAKEN =
      List.of("/clusters", "/fairlead", "/livez", "/readyz", "/healthz");
  private static final int LARGEST_BODY = 1024 * 1024;

  private final Map<String, RestPages> owners;

  private PagePaths(Map<String, RestPages> owners) {
    this.owners = owners;
  }

  /**
   * Finds out who owns what.
   *
   * @param mistakes gets what is wrong; with any, the result is of no use
   */
  static PagePaths of(List<RestPages> served, List<String> mistakes) {
    Map<String, RestPages> owners = new HashMap<>();
    for (RestPages pages : served) {
      if (pages.prefixes().isEmpty()) {
        mistakes.add("serve: pages without a prefix (expected: at least one, such as /auth)");
      }
      if (pages.largestBody() < 0 || pages.largestBody() > LARGEST_BODY) {
        mistakes.add(
            "serve: a largest body of "
                + pages.largestBody()
                + " bytes (expected: 0-"
                + LARGEST_BODY
                + ")");
      }
      for (String prefix : pages.prefixes()) {
        mistakes.addAll(mistakesOf(prefix, owners));
        owners.put(prefix, pages);
      }
    }
    return new PagePaths(Map.copyOf(owners));
  }

  /** The same, and pages of the front door's own, whose paths are theirs even below others'. */
  PagePaths with(RestPages own) {
    Map<String, RestPages> more = new HashMap<>(owners);
    own.prefixes().forEach(prefix -> more.put(prefix, own));
    return new PagePaths(Map.copyOf(more));
  }

  private static List<String> mistakesOf(String prefix, Map<String, RestPages> before) {
    List<String> mistakes = new ArrayList<>();
    if (!PREFIX.matcher(prefix).matches()) {
      mistakes.add(
          "serve: prefix "
              + prefix
              + " (expected: 1-8 segments of A-Z a-z 0-9 . _ -, such as /auth)");
    }
    for (String taken : TAKEN) {
      if (contains(taken, prefix)) {
        mistakes.add("serve: prefix " + prefix + " (expected: none of " + TAKEN + ")");
      }
    }
    for (String other : before.keySet()) {
      if (contains(other, prefix) || contains(prefix, other)) {
        mistakes.add(
            "serve: prefix " + prefix + " beside " + other + " (expected: neither in the other)");
      }
    }
    return mistakes;
  }

  private static boolean contains(String prefix, String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  /** Whose path this is, or null. */
  @Nullable RestPages ownerOf(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      RestPages owner = owners.get(path.substring(0, end));
      if (owner != null) {
        return owner;
      }
    }
    return null;
  }
}
