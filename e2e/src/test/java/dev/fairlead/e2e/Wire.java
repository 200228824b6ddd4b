package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests as bytes, and what comes back. */
final class Wire {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> REASONS =
      Map.of(
          "400", "BadRequest",
          "401", "Unauthorized",
          "403", "Forbidden",
          "404", "NotFound",
          "405", "MethodNotAllowed",
          "413", "RequestEntityTooLarge",
          "429", "TooManyRequests",
          "500", "InternalError",
          "502", "InternalError",
          "503", "ServiceUnavailable");

  /**
   * What came back.
   *
   * @param status the code, {@code reset} or {@code closed}
   * @param head all before the body, if it came over HTTP/1.1
   */
  record Answer(String status, String head, String body) {

    /** Checks that an answer that the hub made is one that Kubernetes' clients understand. */
    Answer isOfTheHub() {
      if (!status.matches("[0-9]+") || status.equals("431")) {
        return this;
      }
      JsonNode json;
      try {
        json = JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError("no JSON in " + this, e);
      }
      assertThat(json.path("kind").asText()).as("%s", this).isEqualTo("Status");
      assertThat(json.path("apiVersion").asText()).isEqualTo("v1");
      assertThat(json.path("status").asText()).isEqualTo("Failure");
      assertThat(json.path("code").asText()).isEqualTo(status);
      assertThat(json.path("reason").asText()).isEqualTo(REASONS.get(status));
      assertThat(json.path("message").asText())
          .as("a sentence for a person, without anything of the inside")
          .contains(" ")
          .doesNotContain("Exception", "java.", "io.netty", "\tat ", "127.0.0.1", "localhost");
      assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("access-control-");
      return this;
    }
  }

  private Wire() {}

  static String get(String target, String token) {
    return request("GET", target, "h", List.of("Authorization: Bearer " + token));
  }

  static String request(String method, String target, String host, List<String> fields) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: "
        + host
        + "\r\n"
        + String.join("", fields.stream().map(field -> field + "\r\n").toList())
        + "\r\n";
  }

  /** Sends bytes on a connection of their own; nothing else is answered on it, if it is to end. */
  static Answer http1(RefusalSite site, String bytes, boolean ends)
      throws IOException, GeneralSecurityException {
    try (RawClient client = site.client()) {
      String response;
      try {
        response = client.send(bytes).response();
      } catch (IOException e) {
        return new Answer("closed", "", "");
      }
      if (!response.startsWith("HTTP/1.1 ") || response.length() < 12) {
        return new Answer("closed", response, "");
      }
      if (ends) {
        assertThat(client.rest()).as("what comes behind %s", response).doesNotContain("HTTP/1.1");
      }
      int body = response.indexOf("\r\n\r\n") + 4;
      return new Answer(
          response.substring(9, 12), response.substring(0, body), response.substring(body));
    }
  }

  static byte[] block(String method, String target, String authority, List<String> fields) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "https", ":authority", authority, ":path", target));
    for (String field : fields) {
      int colon = field.indexOf(": ");
      all.add(field.substring(0, colon));
      all.add(field.substring(colon + 2));
    }
    return RawHttp2Client.block(all.toArray(String[]::new));
  }

  static Answer http2(RefusalSite site, byte[] block)
      throws IOException, GeneralSecurityException, Http2Exception {
    try (RawHttp2Client client = site.http2Client()) {
      // A frame is 16 KiB at most.
      int most = 16_000;
      int flags = RawHttp2Client.END_STREAM;
      int type = RawHttp2Client.HEADERS;
      for (int at = 0; at < block.length; at += most) {
        byte[] part = java.util.Arrays.copyOfRange(block, at, Math.min(block.length, at + most));
        boolean last = at + most >= block.length;
        client.frame(type, flags | (last ? RawHttp2Client.END_HEADERS : 0), 1, part);
        type = RawHttp2Client.CONTINUATION;
        flags = 0;
      }
      String response = client.response(1);
      int line = response.indexOf('\n');
      return line < 0
          ? new Answer(response, "", "")
          : new Answer(response.substring(0, line), "", response.substring(line + 1));
    } catch (IOException e) {
      return new Answer("closed", "", "");
    }
  }
}
