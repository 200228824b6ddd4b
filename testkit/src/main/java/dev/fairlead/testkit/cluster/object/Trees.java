package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reading, writing and walking JSON trees. */
public final class Trees {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Trees() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** Parses JSON or throws a 400. */
  public static JsonNode parseJson(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node == null || node instanceof MissingNode) {
        throw ApiException.badRequest("the request body is empty (expected: a JSON document)");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(
          "couldn't get version/kind; json parse error: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses one YAML document (JSON is YAML) or throws a 400. */
  public static JsonNode parseYaml(byte[] body) {
    LoadSettings settings =
        LoadSettings.builder().setMaxAliasesForCollections(50).setCodePointLimit(4 << 20).build();
    try {
      Object loaded = new Load(settings).loadFromString(new String(body, StandardCharsets.UTF_8));
      return MAPPER.valueToTree(loaded);
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw ApiException.badRequest("error decoding YAML: " + e.getMessage());
    }
  }

  /** Requires a JSON object or throws a 400. */
  public static ObjectNode requireObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest(
        "the request body is a JSON " + node.getNodeType() + " (expected: an object)");
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the member as an object, made and attached when absent} */
  public static ObjectNode child(ObjectNode parent, String name) {
    if (parent.get(name) instanceof ObjectNode existing) {
      return existing;
    }
    return parent.putObject(name);
  }

  /** {@return the node at a path of member names; missing when there is none} */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode current = node;
    for (String name : path) {
      current = current.path(name);
    }
    return current;
  }

  /** {@return the text at a path of member names, empty when there is none} */
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /** Sets a member unless it is there. */
  public static void setDefault(ObjectNode node, String name, String value) {
    if (!node.hasNonNull(name)) {
      node.put(name, value);
    }
  }

  /** Sets a member unless it is there. */
  public static void setDefault(ObjectNode node, String name, int value) {
    if (!node.hasNonNull(name)) {
      node.put(name, value);
    }
  }

  /** {@return a snapshot of the members, safe to iterate while the object changes} */
  public static List<Map.Entry<String, JsonNode>> members(JsonNode node) {
    return new ArrayList<>(node.properties());
  }
}
