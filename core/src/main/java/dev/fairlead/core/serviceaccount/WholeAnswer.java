package dev.fairlead.core.serviceaccount;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;

/** Collects the answer to a request, up to a bound. */
final class WholeAnswer implements HttpStream.Listener {

  /** What came back. */
  record Answer(int status, byte[] body) {}

  private final HttpStream stream;
  private final int largest;
  private final CompletableFuture<Answer> whole = new CompletableFuture<>();
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private int status;

  private WholeAnswer(HttpStream stream, int largest) {
    this.stream = stream;
    this.largest = largest;
  }

  static WholeAnswer to(HttpStream stream, int largest) {
    WholeAnswer answer = new WholeAnswer(stream, largest);
    stream.listen(answer);
    return answer;
  }

  CompletableFuture<Answer> whole() {
    return whole;
  }

  /** Gives the request up. */
  void abandon(String reason) {
    if (whole.completeExceptionally(new TransportException(reason))) {
      stream.reset(Reset.CANCEL);
    }
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {
    status = Heads.status(head);
    endIf(end);
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    boolean fits = taken.size() + bytes <= largest;
    if (fits) {
      byte[] copy = new byte[bytes];
      data.readBytes(copy);
      taken.write(copy, 0, bytes);
    }
    data.release();
    stream.consume(bytes);
    if (fits) {
      endIf(end);
    } else {
      abandon("answer: more than " + largest + " bytes (expected: at most that)");
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    endIf(true);
  }

  private void endIf(boolean end) {
    if (end) {
      whole.complete(new Answer(status, taken.toByteArray()));
    }
  }

  @Override
  public void onReset(Reset reason) {
    whole.completeExceptionally(new TransportException("no answer: " + reason));
  }

  @Override
  public void onSent(int bytes) {
    // The request was given at once, and is small.
  }
}
