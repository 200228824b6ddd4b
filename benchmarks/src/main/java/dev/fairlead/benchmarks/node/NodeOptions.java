package dev.fairlead.benchmarks.node;

import java.nio.file.Path;
import java.util.Map;

/** A node's options. */
record NodeOptions(Map<String, String> values) {

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": not set");
    }
    return value;
  }

  int number(String key) {
    return Integer.parseInt(text(key));
  }

  Path path(String key) {
    return Path.of(text(key));
  }

  Carrier carrier() {
    return Carrier.of(text("carrier"));
  }
}
