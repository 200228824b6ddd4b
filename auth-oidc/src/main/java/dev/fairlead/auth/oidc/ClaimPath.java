package dev.fairlead.auth.oidc;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a claim stands: a name, or a JSON Pointer through objects (RFC 6901). */
final class ClaimPath {

  private final List<String> names;

  private ClaimPath(List<String> names) {
    this.names = names;
  }

  /** Whether a path can be used. */
  static boolean isValid(String path) {
    if (!path.startsWith("/")) {
      return !path.isEmpty();
    }
    for (int at = path.indexOf('~'); at >= 0; at = path.indexOf('~', at + 1)) {
      if (at + 1 == path.length() || "01".indexOf(path.charAt(at + 1)) < 0) {
        return false;
      }
    }
    return true;
  }

  static ClaimPath of(String path) {
    return new ClaimPath(
        path.startsWith("/")
            ? Stream.of(path.substring(1).split("/", -1))
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList()
            : List.of(path));
  }

  /** The value there, or null if there is none. */
  @Nullable Object in(Map<String, Object> claims) {
    Object at = claims;
    for (String name : names) {
      if (!(at instanceof Map<?, ?> object)) {
        return null;
      }
      at = object.get(name);
    }
    return at;
  }

  /** The first name on the way. */
  String root() {
    return names.get(0);
  }
}
