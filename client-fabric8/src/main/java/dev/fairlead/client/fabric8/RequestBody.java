package dev.fairlead.client.fabric8;

import dev.fairlead.core.http.HttpStream;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way: never more of it than a bound is read before it has left. Reading may block,
 * so it is done by threads for that.
 */
final class RequestBody {

  private static final int CHUNK = 64 * 1024;
  private static final int MOST_ON_THE_WAY = 256 * 1024;

  private final InputStream content;
  private final long length;
  private @Nullable Future<?> reading;
  private int onTheWay;
  private boolean parked = true;
  private boolean over;

  private RequestBody(InputStream content, long length) {
    this.content = content;
    this.length = length;
  }

  static @Nullable RequestBody of(StandardHttpRequest request) {
    StandardHttpRequest.BodyContent body = request.body();
    if (body == null) {
      return null;
    }
    if (body instanceof StandardHttpRequest.StringBodyContent text) {
      return of(text.getContent().getBytes(StandardCharsets.UTF_8));
    }
    if (body instanceof StandardHttpRequest.ByteArrayBodyContent bytes) {
      return of(bytes.getContent());
    }
    if (body instanceof StandardHttpRequest.InputStreamBodyContent stream) {
      return new RequestBody(stream.getContent(), stream.getLength());
    }
    throw new IllegalArgumentException(
        "body: a " + body.getClass().getSimpleName() + " (expected: text, bytes or a stream)");
  }

  private static RequestBody of(byte[] content) {
    return new RequestBody(new ByteArrayInputStream(content), content.length);
  }

  /** In bytes, or less than zero if not known. */
  long length() {
    return length;
  }

  /** Goes on reading, unless enough is on the way. Called by any thread. */
  synchronized void proceed(HttpStream to, Calls.Call call, ExecutorService threads) {
    if (over || !parked || onTheWay >= MOST_ON_THE_WAY) {
      return;
    }
    parked = false;
    try {
      reading = threads.submit(() -> read(to, call));
    } catch (RejectedExecutionException e) {
      over = true;
      call.abort(Calls.closed());
    }
  }

  private void read(HttpStream to, Calls.Call call) {
    byte[] chunk = new byte[CHUNK];
    try {
      while (true) {
        int bytes = content.read(chunk);
        synchronized (this) {
          if (over) {
            return;
          }
          if (bytes < 0) {
            over = true;
            to.sendData(Unpooled.EMPTY_BUFFER, true);
            return;
          }
          onTheWay += bytes;
          to.sendData(Unpooled.copiedBuffer(chunk, 0, bytes), false);
          if (onTheWay >= MOST_ON_THE_WAY) {
            parked = true;
            return;
          }
        }
      }
    } catch (IOException e) {
      call.abort(new IOException("body: could not be read", e));
    }
  }

  /** Some has left. */
  synchronized void left(int bytes) {
    onTheWay -= bytes;
  }

  /** No more of it is of use. */
  synchronized void stop() {
    over = true;
    if (reading != null) {
      reading.cancel(true);
    }
  }
}
