package dev.fairlead.examples.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What came back for a request.
 *
 * @param status the HTTP status
 * @param body the body
 */
record Answer(int status, String body) {

  private static final JsonMapper JSON = new JsonMapper();

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /** The body, read; a missing node if it is not JSON. */
  JsonNode json() {
    return read(body);
  }

  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  /** The reason that a Kubernetes Status gives, or the body as it is. */
  String reason() {
    String message = json().path("message").asText("");
    return message.isEmpty() ? body.strip() : message;
  }
}
