package dev.fairlead.core.authorization;

import java.util.List;

/**
 * Names of which the last character may be {@code *}, compiled for comparing without allocation.
 */
final class Patterns {

  static final String ANY = "*";

  private final String[] exact;
  private final String[] prefixes;

  private Patterns(String[] exact, String[] prefixes) {
    this.exact = exact;
    this.prefixes = prefixes;
  }

  /** {@code *} matches all text, empty text included; {@code a*} matches what starts with a. */
  static Patterns withPrefixes(List<String> patterns) {
    return new Patterns(
        patterns.stream().filter(p -> !p.endsWith(ANY)).toArray(String[]::new),
        patterns.stream()
            .filter(p -> p.endsWith(ANY))
            .map(p -> p.substring(0, p.length() - 1))
            .toArray(String[]::new));
  }

  boolean match(String text) {
    return names(text) || matchPrefix(text);
  }

  /** Whether the text itself is among the names. */
  boolean names(String text) {
    for (String name : exact) {
      if (name.equals(text)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchPrefix(String text) {
    for (String prefix : prefixes) {
      if (text.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every text that the pattern matches is matched by one of the others. */
  static boolean cover(List<String> patterns, String pattern) {
    if (!pattern.endsWith(ANY)) {
      return withPrefixes(patterns).match(pattern);
    }
    String prefix = pattern.substring(0, pattern.length() - 1);
    return patterns.stream()
        .anyMatch(p -> p.endsWith(ANY) && prefix.startsWith(p.substring(0, p.length() - 1)));
  }
}
