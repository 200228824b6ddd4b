package dev.fairlead.testkit.http;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a stream: sends without end if told to, and reads at once, or not at all. */
final class Traffic implements HttpStream.Listener {

  private static final int CHUNK = 16 * 1024;
  private static final byte[] ZEROS = new byte[CHUNK];

  private @Nullable HttpStream stream;
  private boolean reads;
  long received;
  long unread;
  long sent;
  @Nullable Reset reset;

  private Traffic(boolean reads) {
    this.reads = reads;
  }

  static Traffic reading() {
    return new Traffic(true);
  }

  static Traffic stalled() {
    return new Traffic(false);
  }

  Traffic on(HttpStream carriedBy) {
    stream = carriedBy;
    return this;
  }

  private HttpStream stream() {
    return Objects.requireNonNull(stream, "stream");
  }

  /** Keeps so many bytes waiting to be sent. */
  void send(int ahead) {
    for (int given = 0; given < ahead; given += CHUNK) {
      stream().sendData(Unpooled.wrappedBuffer(ZEROS), false);
    }
  }

  void reset() {
    stream().reset(Reset.CANCEL);
  }

  void stopReading() {
    reads = false;
  }

  void readOn() {
    reads = true;
    read(unread);
  }

  /** Gives back some of what is unread. */
  void read(long bytes) {
    unread -= bytes;
    stream().consume((int) bytes);
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {}

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    data.release();
    received += bytes;
    unread += bytes;
    if (reads) {
      read(bytes);
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {}

  @Override
  public void onReset(Reset reason) {
    reset = reason;
  }

  @Override
  public void onSent(int bytes) {
    sent += bytes;
    if (reset == null) {
      stream().sendData(Unpooled.wrappedBuffer(ZEROS, 0, bytes), false);
    }
  }
}
