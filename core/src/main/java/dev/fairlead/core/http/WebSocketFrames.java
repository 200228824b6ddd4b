package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Follows one direction of a WebSocket by the heads of its frames (RFC 6455, section 5.2), and so
 * knows when all messages are whole. What is in them is not looked at.
 */
final class WebSocketFrames {

  private static final int LEAST_HEAD = 2;
  private static final int CLOSE = 0x8;

  private final boolean channels;
  private int seen;
  private int head = LEAST_HEAD;
  private int first;
  private int lengthBytes;
  private long length;
  private long left;
  private boolean fragmented;
  private boolean over;

  private WebSocketFrames(boolean channels) {
    this.channels = channels;
  }

  /** Those of a response that switches to a WebSocket, or null if it does not. */
  static @Nullable WebSocketFrames of(Http2Headers response) {
    CharSequence upgrade = response.get("upgrade");
    if (Heads.status(response) != 101
        || upgrade == null
        || !upgrade.toString().toLowerCase(Locale.ROOT).equals("websocket")) {
      return null;
    }
    CharSequence protocol = response.get("sec-websocket-protocol");
    String name = protocol == null ? "" : protocol.toString();
    return new WebSocketFrames(
        name.equals("v5.channel.k8s.io") || name.equals("v4.channel.k8s.io"));
  }

  /** Whether the fourth of Kubernetes' binary channels takes a status. */
  boolean haveChannels() {
    return channels;
  }

  /** Whether all that was seen are whole messages, and more may come. */
  boolean isBetween() {
    return seen == 0 && left == 0 && !fragmented && !over;
  }

  /** Goes over the next bytes. */
  void see(ByteBuf data) {
    int at = data.readerIndex();
    while (at < data.writerIndex() && !over) {
      if (left > 0) {
        int taken = (int) Math.min(left, data.writerIndex() - at);
        left -= taken;
        at += taken;
      } else {
        seeHead(data.getUnsignedByte(at++));
      }
    }
  }

  private void seeHead(int next) {
    seen++;
    if (seen == 1) {
      first = next;
      length = 0;
    } else if (seen == LEAST_HEAD) {
      int given = next & 0x7f;
      lengthBytes = given < 126 ? 0 : given == 126 ? 2 : 8;
      length = lengthBytes == 0 ? given : 0;
      head = LEAST_HEAD + lengthBytes + ((next & 0x80) == 0 ? 0 : 4);
    } else if (seen <= LEAST_HEAD + lengthBytes) {
      length = length << 8 | next;
    }
    if (seen == head && seen >= LEAST_HEAD) {
      endHead();
    }
  }

  private void endHead() {
    int opcode = first & 0xf;
    if (opcode < CLOSE) {
      fragmented = (first & 0x80) == 0;
    }
    // After a close frame nothing may come, and of a length like that nothing is known.
    over = opcode == CLOSE || length < 0;
    left = Math.max(0, length);
    seen = 0;
    head = LEAST_HEAD;
  }
}
