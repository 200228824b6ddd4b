package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a requester is told at the end of what it is cut off from, where there is a place for it.
 *
 * @param status a {@code metav1.Status} in JSON, without line breaks
 * @param sentence the same for a person, in a sentence without secrets
 */
public record Farewell(String status, String sentence) {

  private static final int BINARY = 0x80 | 0x2;
  private static final int CLOSE = 0x80 | 0x8;
  private static final int ERROR_CHANNEL = 3;
  private static final int NORMAL = 1000;
  private static final int POLICY = 1008;

  /** A control frame holds 125 bytes, two of which are the code (RFC 6455, section 5.5). */
  private static final int LONGEST_REASON = 123;

  private static final int LONGEST_SHORT = 125;

  /**
   * Checks the parts.
   *
   * @throws NullPointerException if a part is null
   */
  public Farewell {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(sentence, "sentence");
  }

  /** The last event of a watch in JSON. */
  ByteBuf event() {
    return Unpooled.copiedBuffer(
        "{\"type\":\"ERROR\",\"object\":" + status + "}\n", StandardCharsets.UTF_8);
  }

  /**
   * The last frames of a WebSocket.
   *
   * @param channels whether it has Kubernetes' channels, of which one is for a status; then the
   *     close is a normal one, as that of an API server that has sent its own status
   */
  ByteBuf frames(boolean channels) {
    ByteBuf out = Unpooled.buffer();
    if (channels) {
      byte[] text = status.getBytes(StandardCharsets.UTF_8);
      out.writeByte(BINARY);
      writeLength(out, text.length + 1);
      out.writeByte(ERROR_CHANNEL).writeBytes(text);
    }
    byte[] reason = shortened().getBytes(StandardCharsets.UTF_8);
    out.writeByte(CLOSE).writeByte(reason.length + 2);
    return out.writeShort(channels ? NORMAL : POLICY).writeBytes(reason);
  }

  private static void writeLength(ByteBuf out, int length) {
    if (length <= LONGEST_SHORT) {
      out.writeByte(length);
    } else if (length <= 0xffff) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
  }

  private String shortened() {
    String text = sentence;
    while (ByteBufUtil.utf8Bytes(text) > LONGEST_REASON) {
      text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
    }
    return text;
  }
}
