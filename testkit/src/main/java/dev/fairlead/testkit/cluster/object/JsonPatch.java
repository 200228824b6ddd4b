package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** RFC 6902. */
final class JsonPatch {
  private static final int MAX_OPERATIONS = 10_000;

  private JsonPatch() {}

  static JsonNode apply(Kind kind, JsonNode target, JsonNode patch) {
    if (!patch.isArray()) {
      throw ApiException.badRequest("a JSON patch is an array of operations");
    }
    if (patch.size() > MAX_OPERATIONS) {
      throw ApiException.of(
          413,
          "RequestEntityTooLarge",
          "a JSON patch of " + patch.size() + " operations (expected: <= " + MAX_OPERATIONS + ")");
    }
    JsonNode document = target.deepCopy();
    for (JsonNode operation : patch) {
      document = one(kind, document, operation);
    }
    return document;
  }

  private static JsonNode one(Kind kind, JsonNode document, JsonNode operation) {
    JsonPointer path = pointer(operation, "path");
    String op = operation.path("op").asText();
    return switch (op) {
      case "add" -> put(document, path, value(operation), true);
      case "replace" -> {
        require(document, path);
        yield put(document, path, value(operation), false);
      }
      case "remove" -> remove(document, path);
      case "move" -> {
        JsonPointer from = pointer(operation, "from");
        JsonNode moved = require(document, from).deepCopy();
        yield put(remove(document, from), path, moved, true);
      }
      case "copy" ->
          put(document, path, require(document, pointer(operation, "from")).deepCopy(), true);
      case "test" -> {
        if (!document.at(path).equals(value(operation))) {
          throw ApiException.invalid(
              kind,
              Trees.text(document, "metadata", "name"),
              List.of(
                  new ApiException.Cause(
                      "FieldValueInvalid", "testing value " + path + " failed", "patch")));
        }
        yield document;
      }
      default ->
          throw ApiException.badRequest(
              "JSON patch operation \""
                  + op
                  + "\""
                  + " (expected: add, remove, replace, move, copy or test)");
    };
  }

  private static JsonPointer pointer(JsonNode operation, String member) {
    try {
      return JsonPointer.compile(operation.path(member).asText());
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("JSON patch " + member + ": " + e.getMessage());
    }
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw ApiException.badRequest("a JSON patch operation lacks its value");
    }
    return value.deepCopy();
  }

  private static JsonNode require(JsonNode document, JsonPointer path) {
    JsonNode found = document.at(path);
    if (found.isMissingNode()) {
      throw absent(path);
    }
    return found;
  }

  private static ApiException absent(JsonPointer path) {
    return ApiException.of(
        422, "Invalid", "the server rejected our request: path " + path + " does not exist");
  }

  private static JsonNode put(JsonNode document, JsonPointer path, JsonNode value, boolean insert) {
    if (path.matches()) {
      return value;
    }
    JsonNode parent = document.at(path.head());
    String last = path.last().getMatchingProperty();
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode array) {
      int index = last.equals("-") ? array.size() : index(path, array.size());
      if (insert) {
        array.insert(index, value);
      } else {
        array.set(index, value);
      }
    } else {
      throw absent(path);
    }
    return document;
  }

  private static JsonNode remove(JsonNode document, JsonPointer path) {
    require(document, path);
    JsonNode parent = document.at(path.head());
    if (parent instanceof ObjectNode object) {
      object.remove(path.last().getMatchingProperty());
    } else if (parent instanceof ArrayNode array) {
      array.remove(index(path, array.size() - 1));
    }
    return document;
  }

  private static int index(JsonPointer path, int max) {
    int index = path.last().getMatchingIndex();
    if (index < 0 || index > max) {
      throw absent(path);
    }
    return index;
  }
}
