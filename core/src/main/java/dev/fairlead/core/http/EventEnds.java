package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;

/**
 * Where events of a watch end: in JSON each is a line, in protobuf a frame whose length comes first
 * in four bytes. In whatever else is watched, no event is known to end.
 */
final class EventEnds {

  private enum Form {
    LINES,
    FRAMES,
    UNKNOWN
  }

  private static final int LENGTH_BYTES = 4;

  private final Form form;
  private boolean between = true;
  private int lengthSeen;
  private long length;
  private long left;

  private EventEnds(Form form) {
    this.form = form;
  }

  static EventEnds of(Http2Headers response) {
    CharSequence type = response.get("content-type");
    String text = type == null ? "" : type.toString().toLowerCase(Locale.ROOT);
    if (Heads.status(response) != 200 || response.contains("content-encoding")) {
      return new EventEnds(Form.UNKNOWN);
    }
    return new EventEnds(
        text.startsWith("application/json")
            ? Form.LINES
            : text.startsWith("application/vnd.kubernetes.protobuf") ? Form.FRAMES : Form.UNKNOWN);
  }

  /** Whether all that was seen are whole events. */
  boolean isBetween() {
    return between && form != Form.UNKNOWN;
  }

  /** Whether all that was seen are whole lines, and one more would be an event. */
  boolean isBetweenLines() {
    return between && form == Form.LINES;
  }

  /**
   * Goes over the next bytes.
   *
   * @return how many of them there are up to the end of the last event that ends in them; 0 if none
   *     does
   */
  int lastEnd(ByteBuf data) {
    int bytes = data.readableBytes();
    if (bytes == 0 || form == Form.UNKNOWN) {
      return 0;
    }
    int end = form == Form.LINES ? lastLine(data) : lastFrame(data);
    between = end == bytes;
    return end;
  }

  private static int lastLine(ByteBuf data) {
    int at = data.indexOf(data.writerIndex(), data.readerIndex(), (byte) '\n');
    return at < 0 ? 0 : at + 1 - data.readerIndex();
  }

  private int lastFrame(ByteBuf data) {
    int end = 0;
    int at = data.readerIndex();
    while (at < data.writerIndex()) {
      if (left > 0) {
        int taken = (int) Math.min(left, data.writerIndex() - at);
        left -= taken;
        at += taken;
      } else {
        length = length << 8 | data.getUnsignedByte(at++);
        if (++lengthSeen < LENGTH_BYTES) {
          continue;
        }
        left = length;
        length = 0;
        lengthSeen = 0;
      }
      if (left == 0) {
        end = at - data.readerIndex();
      }
    }
    return end;
  }
}
