package dev.fairlead.client.fabric8;

import dev.fairlead.core.http.Heads;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a WebSocket, as in RFC 6455 section 4. */
record Handshake(String key, @Nullable String subprotocol) {

  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String PROTOCOL_FIELD = "sec-websocket-protocol";

  /** One with a new key, which is there to tell answers apart and no secret. */
  static Handshake of(@Nullable String subprotocol) {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    return new Handshake(Base64.getEncoder().encodeToString(key), subprotocol);
  }

  Http2Headers head(StandardHttpRequest request) {
    Http2Headers head = RequestHead.of(request);
    head.method("GET");
    head.set(Heads.PROTOCOL, "websocket");
    head.set("sec-websocket-version", "13");
    head.set("sec-websocket-key", key);
    if (subprotocol != null) {
      head.set(PROTOCOL_FIELD, subprotocol);
    }
    return head;
  }

  /**
   * Checks the head of a 101.
   *
   * @throws ProtocolException if it is for another handshake
   */
  void check(Http2Headers head) throws ProtocolException {
    String accept = Heads.get(head, "sec-websocket-accept");
    if (!expected().equals(accept)) {
      throw new ProtocolException("sec-websocket-accept: " + accept + " (expected: another)");
    }
    String chosen = Heads.get(head, PROTOCOL_FIELD);
    if (chosen != null && !chosen.equals(subprotocol)) {
      throw new ProtocolException(
          PROTOCOL_FIELD + ": " + chosen + " (expected: " + subprotocol + ")");
    }
  }

  private String expected() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + SUFFIX).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
