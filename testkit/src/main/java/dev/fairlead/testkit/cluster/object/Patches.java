package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The three patches a client computes itself: JSON patch, JSON merge patch, strategic merge patch.
 */
public final class Patches {
  private final StrategicPatch strategic;

  public Patches(Schema schema) {
    this.strategic = new StrategicPatch(schema);
  }

  /**
   * Applies a patch; neither argument is changed.
   *
   * @param mediaType the content type of the patch, without parameters
   * @param kind kind of the target
   * @param target the live object
   * @param patch the parsed patch document
   * @return the patched object
   * @throws ApiException 400, 415 or 422 when the patch does not fit
   */
  public ObjectNode apply(String mediaType, Kind kind, ObjectNode target, JsonNode patch) {
    return switch (mediaType) {
      case "application/json-patch+json" ->
          Trees.requireObject(JsonPatch.apply(kind, target, patch));
      case "application/merge-patch+json" ->
          Trees.requireObject(merge(target.deepCopy(), Trees.requireObject(patch)));
      case "application/strategic-merge-patch+json" ->
          strategic.apply(kind, target, Trees.requireObject(patch));
      default ->
          throw ApiException.of(
              415,
              "UnsupportedMediaType",
              "the body of the request was in an unknown format - accepted media types include:"
                  + " application/json-patch+json, application/merge-patch+json,"
                  + " application/strategic-merge-patch+json, application/apply-patch+yaml");
    };
  }

  /** RFC 7386. The target may be changed. */
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode result = target instanceof ObjectNode object ? object : Trees.object();
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (entry.getValue().isNull()) {
        result.remove(entry.getKey());
      } else {
        result.set(entry.getKey(), merge(result.path(entry.getKey()), entry.getValue()));
      }
    }
    return result;
  }
}
