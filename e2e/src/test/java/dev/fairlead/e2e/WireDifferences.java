package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of what may differ on the wire between a request that went directly and one that went
 * through hub and agent. It stands in {@code resources/wire/differences.txt}; each line has a
 * place, a pattern of names and a reason.
 */
final class WireDifferences {

  private static final Pattern LINE = Pattern.compile("([a-z-]+) (\\S+)(?: => (\\S+))? # \\S.*");

  private static final Pattern SELECTOR = Pattern.compile("(?<=fieldSelector=)[^&]+");
  private static final Set<String> PLACES =
      Set.of(
          "request-header",
          "upgrade-header",
          "extra-request",
          "short-read-version",
          "request-value",
          "response-value",
          "ignored-response",
          "ignored-body");

  private final Set<String> entries = new TreeSet<>();
  private final List<Mask> masks = new ArrayList<>();
  private final Set<String> used = new ConcurrentSkipListSet<>();

  private WireDifferences() {}

  static WireDifferences load() {
    Path file = Tools.checkout().resolve("e2e/src/test/resources/wire/differences.txt");
    WireDifferences list = new WireDifferences();
    try {
      Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(list::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return list;
  }

  private void add(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new AssertionError(
          "found: " + line + " (expected: PLACE NAME # REASON, mask REGEX => TEXT # REASON)");
    }
    if (parts.group(1).equals("mask") && parts.group(3) != null) {
      masks.add(new Mask(Pattern.compile(parts.group(2), Pattern.DOTALL), parts.group(3)));
    } else if (PLACES.contains(parts.group(1))) {
      entries.add(parts.group(1) + " " + parts.group(2));
    } else {
      throw new AssertionError("found: " + line + " (expected: mask, or one of " + PLACES + ")");
    }
  }

  /** Whether the list has a line with this place and a pattern that fits the name. */
  boolean allows(String place, String name) {
    for (String entry : entries) {
      if (entry.startsWith(place + " ")
          && name.matches("(?s)" + entry.substring(place.length() + 1))) {
        used.add(entry);
        return true;
      }
    }
    return false;
  }

  /**
   * A target without the cluster's prefix, and without what no two commands have in common. The
   * terms of a field selector come in any order.
   */
  String target(String target) {
    String path = target.replaceFirst("^/clusters/real(?=/)", "");
    Matcher selector = SELECTOR.matcher(path);
    String ordered =
        selector.replaceAll(
            found -> {
              String[] terms = masked(found.group()).split("%2C", -1);
              Arrays.sort(terms);
              return Matcher.quoteReplacement(String.join("%2C", terms));
            });
    return masked(ordered);
  }

  /** A text without what no two commands have in common. */
  String masked(String text) {
    String masked = Masks.apply(text);
    for (Mask mask : masks) {
      String after = mask.pattern().matcher(masked).replaceAll(mask.replacement());
      if (!after.equals(masked)) {
        used.add("mask " + mask.pattern());
      }
      masked = after;
    }
    return masked;
  }

  /** The lines that nothing needed. */
  Set<String> unused() {
    Set<String> unused = new TreeSet<>(entries);
    masks.forEach(mask -> unused.add("mask " + mask.pattern()));
    unused.removeAll(used);
    return unused;
  }

  private record Mask(Pattern pattern, String replacement) {}
}
