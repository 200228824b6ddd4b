package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Collects what is wrong with a set of roles, each mistake with the key it stands at. */
final class Mistakes {

  private static final int SHOWN = 100;
  private static final int LONGEST_VALUE = 80;

  private final String source;
  private final Map<String, String> positions = new HashMap<>();
  private final TreeSet<String> keys = new TreeSet<>();
  private final List<String> lines = new ArrayList<>();
  private int count;

  Mistakes(String source) {
    this.source = source;
  }

  /** Remembers where a key stands in the source, such as {@code line 3, column 5}. */
  void position(String key, String position) {
    positions.putIfAbsent(key, position);
  }

  void add(String key, String found, String expected) {
    keys.add(key);
    if (++count <= SHOWN) {
      String position = positions.containsKey(key) ? positions.get(key) + ": " : "";
      lines.add(position + key + ": " + found + " (expected: " + expected + ")");
    }
  }

  /** A value that is wrong, unless something else is wrong with it already. */
  void addValue(String key, String found, String expected) {
    if (!keys.contains(key)) {
      add(key, quoted(found), expected);
    }
  }

  /** A list that has to be there, unless what is wrong with it was already said. */
  void addMissing(String key, String parent, String expected) {
    if (isReported(key) || keys.contains(parent)) {
      return;
    }
    if (!positions.containsKey(key) && positions.containsKey(parent)) {
      position(key, positions.get(parent));
    }
    add(key, "missing or empty", expected);
  }

  /** Whether something is wrong with the key or with an item of its list. */
  boolean isReported(String key) {
    return keys.contains(key) || !keys.subSet(key + '[', key + '\\').isEmpty();
  }

  String source() {
    return source;
  }

  void throwIfAny() {
    if (count == 0) {
      return;
    }
    String more = count > SHOWN ? "\n  and " + (count - SHOWN) + " more" : "";
    throw new InvalidException(
        source
            + ": "
            + (count == 1 ? "1 mistake" : count + " mistakes")
            + lines.stream().collect(Collectors.joining("\n  ", "\n  ", more)));
  }

  static String quoted(String value) {
    return '"' + printable(value) + '"';
  }

  static String printable(String value) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < value.length() && i < LONGEST_VALUE; i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(value.length() > LONGEST_VALUE ? "..." : "").toString();
  }
}
