package dev.fairlead.core.authorization;

import java.util.List;

/**
 * Names of which the last character may be {@code *}, compiled for comparing without allocation.
 */
final class Patterns {

  private final String[] exact;
  private final String[] prefixes;

  private Patterns(String[] exact, String[] prefixes) {
    this.exact = exact;
    this.prefixes = prefixes;
  }

  /** {@code *} matches all text, empty text included; {@code a*} matches what starts with a. */
  static Patterns withPrefixes(List<String> patterns) {
    return new Patterns(
        patterns.stream().filter(p -> !p.endsWith("*")).toArray(String[]::new),
        patterns.stream()
            .filter(p -> p.endsWith("*"))
            .map(p -> p.substring(0, p.length() - 1))
            .toArray(String[]::new));
  }

  boolean match(String text) {
    for (String name : exact) {
      if (name.equals(text)) {
        return true;
      }
    }
    for (String prefix : prefixes) {
      if (text.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
