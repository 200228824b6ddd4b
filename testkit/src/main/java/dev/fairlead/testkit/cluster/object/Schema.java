package dev.fairlead.testkit.cluster.object;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The structural schema of the served kinds: how fields are typed and how lists merge. One table
 * feeds strategic merge patches, server-side apply and the OpenAPI documents.
 */
public final class Schema {
  private final Map<String, Map<String, FieldType>> types;

  private Schema(Map<String, Map<String, FieldType>> types) {
    this.types = types;
  }

  /** Reads the schema that is part of this artifact. */
  public static Schema load() {
    Map<String, Map<String, FieldType>> types = new LinkedHashMap<>();
    InputStream resource = Schema.class.getResourceAsStream("schema.txt");
    if (resource == null) {
      throw new IllegalStateException("schema.txt is missing beside " + Schema.class.getName());
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int dot = line.indexOf('.');
        int colon = line.indexOf(':');
        types
            .computeIfAbsent(line.substring(0, dot), t -> new LinkedHashMap<>())
            .put(line.substring(dot + 1, colon), FieldType.parse(line.substring(colon + 1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Kind kind : Kinds.all()) {
      Map<String, FieldType> fields =
          types.computeIfAbsent(kind.name(), t -> new LinkedHashMap<>());
      fields.put("apiVersion", FieldType.struct("string"));
      fields.put("kind", FieldType.struct("string"));
      fields.putIfAbsent("metadata", FieldType.struct("ObjectMeta"));
    }
    for (Map<String, FieldType> fields : types.values()) {
      for (FieldType field : List.copyOf(fields.values())) {
        if (field.inline()) {
          types
              .getOrDefault(field.type(), Map.of())
              .forEach((name, member) -> fields.putIfAbsent(name, member.borrowed()));
        }
      }
    }
    return new Schema(types);
  }

  Map<String, Map<String, FieldType>> types() {
    return types;
  }

  /** {@return the type of a whole object of the kind} */
  static FieldType root(Kind kind) {
    return FieldType.struct(kind.name());
  }

  /** {@return the type of a member of a value of the given type} */
  FieldType member(FieldType parent, String name) {
    if (parent.shape() == FieldType.Shape.MAP) {
      return parent.element();
    }
    Map<String, FieldType> fields = types.get(parent.type());
    FieldType field = fields == null ? null : fields.get(name);
    return field == null ? FieldType.UNKNOWN : field;
  }
}
