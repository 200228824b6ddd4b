package dev.fairlead.transport.websocket;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Collects a request's body, up to {@link Paths#MOST_BODY}. On the stream's event loop. */
final class Body implements HttpStream.Listener {

  private final HttpStream stream;
  private final Consumer<byte[]> then;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private boolean over;

  private Body(HttpStream stream, Consumer<byte[]> then) {
    this.stream = stream;
    this.then = then;
  }

  static void collect(HttpStream stream, Http2Headers head, boolean end, Consumer<byte[]> then) {
    if (!Paths.PKCS10.contentEquals(String.valueOf(head.get("content-type")))) {
      throw new InvalidException("content type: another (expected: " + Paths.PKCS10 + ")");
    }
    Body body = new Body(stream, then);
    stream.listen(body);
    if (end) {
      body.end();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      then.accept(collected.toByteArray());
    }
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {
    // Was seen by whoever collects.
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    byte[] piece = new byte[bytes];
    data.readBytes(piece);
    data.release();
    stream.consume(bytes);
    if (over) {
      return;
    }
    if (collected.size() + bytes > Paths.MOST_BODY) {
      over = true;
      InvalidException tooLong =
          new InvalidException("request: over 64 KiB (expected: at most that)");
      HubPaths.answer(stream, Problem.status(tooLong), Paths.PROBLEM, Problem.body(tooLong), false);
      return;
    }
    collected.write(piece, 0, bytes);
    if (end) {
      end();
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    end();
  }

  @Override
  public void onReset(Reset reason) {
    over = true;
  }

  @Override
  public void onSent(int bytes) {
    // Answers are short.
  }

  /** For a request that was answered already. */
  static final class Dropped implements HttpStream.Listener {
    @Override
    public void onHead(Http2Headers head, boolean end) {
      // A request has one head, which was seen.
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      // Of no use any more.
    }

    @Override
    public void onReset(Reset reason) {
      // The answer was for an agent that has gone.
    }

    @Override
    public void onSent(int bytes) {
      // Answers are short.
    }
  }
}
