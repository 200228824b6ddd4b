package dev.fairlead.core.exchange;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.status.KubernetesStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/** Answers a request with a {@code metav1.Status}, in place of a cluster. */
public final class Refusal {

  private static final HttpStream.Listener INDIFFERENT = new Indifferent();

  private Refusal() {}

  /**
   * Answers and ends the stream. What is left of the request is dropped.
   *
   * @param stream a stream nobody listens to yet
   * @param request the request's head
   * @param status what to answer
   */
  public static void send(HttpStream stream, Http2Headers request, KubernetesStatus status) {
    byte[] body = status.toJson();
    Http2Headers head =
        Heads.create()
            .status(Integer.toString(status.code()))
            .set("content-type", KubernetesStatus.CONTENT_TYPE)
            .set("x-content-type-options", "nosniff")
            .set("cache-control", "no-cache, private")
            .set("content-length", Integer.toString(body.length));
    if (status.code() == 401) {
      head.set("www-authenticate", "Bearer");
    }
    if (status.code() == 429) {
      // Without it clients do not try again. An offline cluster is no overload: 503 gets none.
      head.set("retry-after", "1");
    }
    boolean bodiless = "HEAD".contentEquals(String.valueOf(request.method()));
    discardRequest(stream);
    stream.sendHead(head, bodiless);
    if (!bodiless) {
      stream.sendData(Unpooled.wrappedBuffer(body), true);
    }
  }

  /**
   * Drops what is left of a request.
   *
   * @param stream a stream nobody listens to yet
   */
  public static void discardRequest(HttpStream stream) {
    stream.listen(INDIFFERENT);
  }

  private static final class Indifferent implements HttpStream.Listener {
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
      // The answer was for a client that has gone.
    }

    @Override
    public void onSent(int bytes) {
      // A refusal is short.
    }
  }
}
