package dev.fairlead.core.authorization;

import java.util.List;

/** The words for what keeps a rule from covering a request. */
final class Misses {

  private static final int MOST_SHOWN = 8;

  private Misses() {}

  static String of(String what, List<String> has, String asked) {
    List<String> shown = has.stream().limit(MOST_SHOWN).map(Misses::shown).toList();
    String more = has.size() > MOST_SHOWN ? ", …" : "";
    return what + ": " + String.join(", ", shown) + more + " (asked for: " + shown(asked) + ")";
  }

  private static String shown(String value) {
    return value.isEmpty() ? "\"\"" : Mistakes.printable(value);
  }
}
