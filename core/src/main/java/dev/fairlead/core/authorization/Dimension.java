package dev.fairlead.core.authorization;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One property of requests, such as the namespace, with the set of rules that take each value of
 * it. A set of rules is a bit for each. Looking up allocates nothing.
 */
final class Dimension {

  private final Map<String, long[]> exact;
  private final String[] prefixes;
  private final int[] parents;
  private final long[][] byPrefix;
  private final long[] any;

  private Dimension(
      Map<String, long[]> exact, String[] prefixes, int[] parents, long[][] byPrefix, long[] any) {
    this.exact = exact;
    this.prefixes = prefixes;
    this.parents = parents;
    this.byPrefix = byPrefix;
    this.any = any;
  }

  /** The rules that take a value. */
  long[] of(String value) {
    long[] found = exact.get(value);
    if (found != null) {
      return found;
    }
    // Whatever prefix fits is the nearest one before the value, or what that begins with.
    int at = Arrays.binarySearch(prefixes, value);
    for (int i = at < 0 ? -at - 2 : at; i >= 0; i = parents[i]) {
      if (value.startsWith(prefixes[i])) {
        return byPrefix[i];
      }
    }
    return any;
  }

  /** The rules that take every value. */
  long[] any() {
    return any;
  }

  /** Collects the patterns of rules. */
  static final class Builder {

    private final int words;
    private final Map<String, long[]> exact = new HashMap<>();
    private final TreeMap<String, long[]> prefixes = new TreeMap<>();
    private final long[] any;

    Builder(int rules) {
      words = (rules + 63) / 64;
      any = new long[words];
    }

    void add(int rule, Iterable<String> patterns) {
      for (String pattern : patterns) {
        if (pattern.equals(Patterns.ANY)) {
          Bits.set(any, rule);
        } else if (pattern.endsWith(Patterns.ANY)) {
          String prefix = pattern.substring(0, pattern.length() - 1);
          Bits.set(prefixes.computeIfAbsent(prefix, p -> new long[words]), rule);
        } else {
          Bits.set(exact.computeIfAbsent(pattern, p -> new long[words]), rule);
        }
      }
    }

    Dimension build() {
      String[] names = prefixes.keySet().toArray(String[]::new);
      long[][] bits = prefixes.values().toArray(long[][]::new);
      int[] parents = new int[names.length];
      for (int i = 0; i < names.length; i++) {
        int parent = i - 1;
        while (parent >= 0 && !names[i].startsWith(names[parent])) {
          parent = parents[parent];
        }
        parents[i] = parent;
        Bits.add(bits[i], parent < 0 ? any : bits[parent]);
      }
      Dimension byPrefix = new Dimension(Map.of(), names, parents, bits, any);
      exact.forEach((value, rules) -> Bits.add(rules, byPrefix.of(value)));
      return new Dimension(Map.copyOf(exact), names, parents, bits, any);
    }
  }
}
