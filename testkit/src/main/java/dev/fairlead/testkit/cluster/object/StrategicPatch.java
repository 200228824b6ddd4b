package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Strategic merge patch with its directives, as kubectl's apply, edit and patch compute it. */
final class StrategicPatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String SET_ORDER = "$setElementOrder/";
  private static final String DELETE_PRIMITIVES = "$deleteFromPrimitiveList/";

  private final Schema schema;

  StrategicPatch(Schema schema) {
    this.schema = schema;
  }

  ObjectNode apply(Kind kind, ObjectNode target, ObjectNode patch) {
    return mergeObject(target.deepCopy(), patch, Schema.root(kind));
  }

  private ObjectNode mergeObject(ObjectNode target, ObjectNode patch, FieldType type) {
    String directive = patch.path(DIRECTIVE).asText("merge");
    if (directive.equals("replace")) {
      ObjectNode whole = patch.deepCopy();
      whole.remove(DIRECTIVE);
      return whole;
    }
    if (directive.equals("delete")) {
      return Trees.object();
    }
    if (patch.path(RETAIN_KEYS) instanceof ArrayNode kept) {
      List<String> names = new ArrayList<>();
      kept.forEach(name -> names.add(name.asText()));
      target.retain(names);
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String name = entry.getKey();
      JsonNode value = entry.getValue();
      if (name.startsWith(DELETE_PRIMITIVES)) {
        deletePrimitives(target, name.substring(DELETE_PRIMITIVES.length()), value);
      } else if (name.startsWith("$")) {
        continue;
      } else if (value.isNull()) {
        target.remove(name);
      } else {
        target.set(name, mergeValue(target.get(name), value, schema.member(type, name)));
      }
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (entry.getKey().startsWith(SET_ORDER)) {
        String name = entry.getKey().substring(SET_ORDER.length());
        if (target.get(name) instanceof ArrayNode list) {
          target.set(name, ordered(list, entry.getValue(), schema.member(type, name).patchKey()));
        }
      }
    }
    return target;
  }

  private JsonNode mergeValue(@Nullable JsonNode live, JsonNode patch, FieldType type) {
    if (patch instanceof ObjectNode object) {
      ObjectNode base = live instanceof ObjectNode existing ? existing : Trees.object();
      return mergeObject(base, object, type);
    }
    if (patch instanceof ArrayNode list) {
      ArrayNode base = live instanceof ArrayNode existing ? existing : Trees.array();
      if (type.patchKey() != null) {
        return mergeKeyed(base, list, type, type.patchKey());
      }
      if (type.merge() == FieldType.Merge.SET) {
        return union(base, list);
      }
    }
    return patch.deepCopy();
  }

  private ArrayNode mergeKeyed(ArrayNode live, ArrayNode patch, FieldType type, String key) {
    ArrayNode result = live.deepCopy();
    for (JsonNode element : patch) {
      if (element.path(DIRECTIVE).asText().equals("replace") && !element.has(key)) {
        result.removeAll();
      }
    }
    for (JsonNode element : patch) {
      if (!(element instanceof ObjectNode item)) {
        throw ApiException.badRequest("an element of a list merged by " + key + " is no object");
      }
      String directive = item.path(DIRECTIVE).asText("merge");
      if (!item.has(key)) {
        if (directive.equals("replace")) {
          continue;
        }
        throw ApiException.badRequest(
            "map: " + item + " does not contain declared merge key: " + key);
      }
      int index = indexOf(result, key, item.get(key));
      if (directive.equals("delete")) {
        if (index >= 0) {
          result.remove(index);
        }
      } else if (index >= 0) {
        ObjectNode base = Trees.requireObject(result.get(index)).deepCopy();
        result.set(index, mergeObject(base, item, type.element()));
      } else {
        result.add(mergeObject(Trees.object(), item, type.element()));
      }
    }
    return result;
  }

  private static ArrayNode union(ArrayNode live, ArrayNode patch) {
    ArrayNode result = live.deepCopy();
    for (JsonNode value : patch) {
      if (!contains(result, value)) {
        result.add(value);
      }
    }
    return result;
  }

  private static void deletePrimitives(ObjectNode target, String name, JsonNode gone) {
    if (target.get(name) instanceof ArrayNode list && gone instanceof ArrayNode values) {
      ArrayNode kept = Trees.array();
      for (JsonNode value : list) {
        if (!contains(values, value)) {
          kept.add(value);
        }
      }
      target.set(name, kept);
    }
  }

  /** Puts the named elements in the order asked for; others keep their relative place behind. */
  private static ArrayNode ordered(ArrayNode list, JsonNode order, @Nullable String key) {
    List<JsonNode> rest = new ArrayList<>();
    list.forEach(rest::add);
    ArrayNode result = Trees.array();
    for (JsonNode wanted : order) {
      for (int i = 0; i < rest.size(); i++) {
        JsonNode element = rest.get(i);
        boolean same =
            key == null ? element.equals(wanted) : element.path(key).equals(wanted.path(key));
        if (same) {
          result.add(rest.remove(i));
          break;
        }
      }
    }
    rest.forEach(result::add);
    return result;
  }

  private static int indexOf(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean contains(ArrayNode list, JsonNode value) {
    for (JsonNode element : list) {
      if (element.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
