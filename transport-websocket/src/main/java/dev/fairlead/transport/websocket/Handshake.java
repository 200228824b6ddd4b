package dev.fairlead.transport.websocket;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.http.Heads;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.Stream;

/**
 * The hub's half of the opening handshake (RFC 6455, 4.2), without any extension.
 *
 * @param accept the answer to the agent's key
 */
record Handshake(String accept) {

  private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;

  /** Checks an agent's request. */
  static Handshake of(Http2Headers head) {
    require(
        "websocket".equalsIgnoreCase(Heads.get(head, Heads.PROTOCOL)),
        "upgrade: not to WebSocket (expected: Upgrade: websocket)");
    require(
        "13".equals(Heads.get(head, "sec-websocket-version")),
        "Sec-WebSocket-Version: another (expected: 13)");
    require(
        head.getAll("sec-websocket-protocol").stream()
            .flatMap(field -> Stream.of(field.toString().split(",", -1)))
            .anyMatch(name -> name.strip().equals(Paths.SUBPROTOCOL)),
        "Sec-WebSocket-Protocol: another (expected: " + Paths.SUBPROTOCOL + ")");
    String key = Heads.get(head, "sec-websocket-key");
    if (key == null || !isKey(key)) {
      throw new InvalidException("Sec-WebSocket-Key: malformed (expected: 16 bytes)");
    }
    return new Handshake(accept(key));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InvalidException(otherwise);
    }
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What answers a key, at either end. */
  static String accept(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(digest.digest((key + ACCEPT_GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The head of the 101. */
  Http2Headers answer() {
    return Heads.create()
        .set("upgrade", "websocket")
        .set("sec-websocket-accept", accept)
        .set("sec-websocket-protocol", Paths.SUBPROTOCOL);
  }
}
