package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One media range of an Accept header. */
record Accept(String type, Map<String, String> parameters) {

  static List<Accept> parse(String header) {
    if (header.isBlank()) {
      return List.of(new Accept("*/*", Map.of()));
    }
    return List.of(header.split(",")).stream().map(Accept::one).toList();
  }

  private static Accept one(String range) {
    String[] parts = range.split(";");
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      parameters.put(pair[0].strip(), pair.length > 1 ? pair[1].strip() : "");
    }
    return new Accept(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
  }

  boolean json() {
    return type.equals("application/json") || type.equals("*/*") || type.equals("application/*");
  }

  /** {@return whether it asks for JSON in another shape than the object's own} */
  String as() {
    return parameters.getOrDefault("as", "");
  }

  /** {@return the first range that fits, in the client's order} */
  static Optional<Accept> first(String header, Predicate<Accept> fits) {
    return parse(header).stream().filter(fits).findFirst();
  }

  /**
   * Decides between an object's own shape and a table.
   *
   * @throws ApiException 406 when the client takes neither as JSON
   */
  static boolean table(String header) {
    return first(header, a -> a.json() && (a.as().isEmpty() || a.tableV1()))
        .orElseThrow(Accept::none)
        .tableV1();
  }

  static ApiException none() {
    return ApiException.of(
        406, "NotAcceptable", "only the following media types are accepted: application/json");
  }

  private boolean tableV1() {
    return as().equals("Table") && parameters.getOrDefault("v", "").equals("v1");
  }
}
