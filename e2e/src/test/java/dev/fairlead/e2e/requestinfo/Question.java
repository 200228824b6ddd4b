package dev.fairlead.e2e.requestinfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request whose reading is compared. */
record Question(String method, String target) {

  static final ObjectMapper JSON = new ObjectMapper();

  static Question of(JsonNode json) {
    return new Question(json.required("method").asText(), json.required("target").asText());
  }

  ObjectNode json() {
    return JSON.createObjectNode().put("method", method).put("target", target);
  }

  /** Whether it can stand in a request line; the API server is not asked about any other. */
  boolean isLine() {
    return !method.isEmpty()
        && method.chars().allMatch(c -> c > 0x20 && c < 0x7f)
        && !target.isEmpty()
        && target.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
