package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one field is typed and merged.
 *
 * @param type scalar name, schema type name, or for lists and maps the type of the elements
 * @param shape whether it is a single value, a list or a map
 * @param merge how server-side apply merges it
 * @param keys key fields of a keyed list, each with its default or an empty string
 * @param patchKey merge key of a strategic merge patch, null when the list is replaced whole
 * @param retainKeys whether a strategic merge patch may carry {@code $retainKeys}
 * @param number its number in the protobuf encoding, 0 when it has none of its own
 * @param presence whether a zero or empty value is meant when it is encoded
 * @param inline whether the fields of its type stand in the parent itself
 */
record FieldType(
    String type,
    Shape shape,
    Merge merge,
    SortedMap<String, String> keys,
    @Nullable String patchKey,
    boolean retainKeys,
    int number,
    boolean presence,
    boolean inline) {

  enum Shape {
    VALUE,
    LIST,
    MAP
  }

  enum Merge {
    GRANULAR,
    ATOMIC,
    SET,
    KEYED
  }

  /** What a field is that the schema does not know: objects merge, lists are replaced. */
  static final FieldType UNKNOWN =
      new FieldType(
          "any", Shape.VALUE, Merge.GRANULAR, new TreeMap<>(), null, false, 0, false, false);

  static FieldType struct(String type) {
    return new FieldType(
        type, Shape.VALUE, Merge.GRANULAR, new TreeMap<>(), null, false, 0, false, false);
  }

  /** Parses the right-hand side of a schema line. */
  static FieldType parse(String text) {
    String[] words = text.trim().split(" +");
    String type = words[0];
    Shape shape =
        type.startsWith("[") ? Shape.LIST : type.startsWith("{") ? Shape.MAP : Shape.VALUE;
    if (shape != Shape.VALUE) {
      type = type.substring(1, type.length() - 1);
    }
    Merge merge = shape == Shape.LIST ? Merge.ATOMIC : Merge.GRANULAR;
    SortedMap<String, String> keys = new TreeMap<>();
    String patchKey = null;
    boolean retainKeys = false;
    int number = 0;
    boolean presence = false;
    boolean inline = false;
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.equals("atomic")) {
        merge = Merge.ATOMIC;
      } else if (word.equals("set")) {
        merge = Merge.SET;
      } else if (word.equals("retainKeys")) {
        retainKeys = true;
      } else if (word.equals("ptr")) {
        presence = true;
      } else if (word.equals("inline")) {
        inline = true;
      } else if (word.startsWith("#")) {
        number = Integer.parseInt(word.substring(1));
      } else if (word.startsWith("merge=")) {
        patchKey = word.substring("merge=".length());
      } else if (word.startsWith("keys=")) {
        merge = Merge.KEYED;
        for (String key : word.substring("keys=".length()).split(",")) {
          int equals = key.indexOf('=');
          keys.put(
              equals < 0 ? key : key.substring(0, equals),
              equals < 0 ? "" : key.substring(equals + 1));
        }
        if (keys.size() == 1) {
          patchKey = keys.firstKey();
        }
      } else {
        throw new IllegalArgumentException("schema word: " + word);
      }
    }
    return new FieldType(type, shape, merge, keys, patchKey, retainKeys, number, presence, inline);
  }

  /** {@return the same field as a member of a type that has it inline} */
  FieldType borrowed() {
    return new FieldType(type, shape, merge, keys, patchKey, retainKeys, 0, presence, inline);
  }

  /** {@return how the elements of this list or map are typed} */
  FieldType element() {
    return struct(type);
  }

  /** {@return whether the field is owned and replaced as a whole} */
  boolean leaf(JsonNode value) {
    if (!value.isContainerNode() || merge == Merge.ATOMIC) {
      return true;
    }
    return value.isArray() && merge == Merge.GRANULAR;
  }

  /** {@return the identifying part of an element of a keyed list} */
  ObjectNode keyOf(JsonNode element) {
    ObjectNode key = Trees.object();
    for (Map.Entry<String, String> entry : keys.entrySet()) {
      JsonNode value = element.path(entry.getKey());
      if (value.isValueNode() && !value.isNull()) {
        key.set(entry.getKey(), value);
      } else if (!entry.getValue().isEmpty()) {
        key.put(entry.getKey(), entry.getValue());
      }
    }
    return key;
  }
}
