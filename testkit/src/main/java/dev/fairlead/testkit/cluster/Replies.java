package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Complete answers. */
final class Replies {
  static final String JSON = "application/json";

  private Replies() {}

  static Reply.Whole json(JsonNode body) {
    return json(200, body);
  }

  static Reply.Whole json(int status, JsonNode body) {
    return typed(status, JSON, Trees.bytes(body));
  }

  static Reply.Whole text(String body) {
    return typed(200, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply.Whole typed(int status, String contentType, byte[] body) {
    return new Reply.Whole(
        status,
        Map.of(
            "content-type", contentType,
            "cache-control", "no-cache, private",
            "x-content-type-options", "nosniff"),
        body);
  }

  static Reply.Whole failure(ApiException failure) {
    return json(failure.code(), failure.toStatus());
  }
}
