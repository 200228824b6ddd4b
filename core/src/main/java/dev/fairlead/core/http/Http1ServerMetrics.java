package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Counts what happens on an {@link Http1ServerConnection}, as an {@link Http2Link} does itself. On
 * the event loop only.
 */
public final class Http1ServerMetrics extends ChannelDuplexHandler {

  private static final int SWITCHING = 101;
  private static final int FIRST_FINAL = 200;

  private final LinkMetrics metrics;
  private final int window;
  private final Runnable malformed;
  private int open;
  private boolean raw;
  private boolean over;

  private Http1ServerMetrics(LinkMetrics metrics, int window, Runnable malformed) {
    this.metrics = metrics;
    this.window = window;
    this.malformed = malformed;
  }

  /**
   * Counts from now on.
   *
   * @param pipeline a channel's pipeline in which a connection was installed
   * @param metrics what counts
   * @param settings the connection's bounds
   * @param malformed called when a request was refused as it could not be read
   */
  public static void install(
      ChannelPipeline pipeline, LinkMetrics metrics, LinkSettings settings, Runnable malformed) {
    pipeline.addBefore(
        pipeline.context(Http1ServerConnection.class).name(),
        null,
        new Http1ServerMetrics(metrics, settings.streamWindow(), malformed));
    metrics.linkOpened();
  }

  /**
   * Counts no more, as if the connection had ended: another protocol gets it.
   *
   * @param pipeline a channel's pipeline
   */
  public static void remove(ChannelPipeline pipeline) {
    Http1ServerMetrics present = pipeline.get(Http1ServerMetrics.class);
    if (present != null) {
      present.end();
      pipeline.remove(present);
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    for (; open > 0; open--) {
      metrics.streamClosed(window);
    }
    metrics.linkClosed();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      open++;
      metrics.streamOpened(window);
    }
    int bytes = bytesOf(message);
    if (bytes > 0) {
      metrics.received(bytes);
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response && response.status().code() < FIRST_FINAL;
    if (interim) {
      raw |= ((HttpResponse) message).status().code() == SWITCHING;
    } else if (message instanceof FullHttpResponse) {
      // Answers of streams come in parts.
      malformed.run();
    }
    boolean ends = message instanceof LastHttpContent && !interim && !raw;
    int bytes = interim ? 0 : bytesOf(message);
    if (bytes == 0) {
      ctx.write(message, promise);
    } else {
      metrics.buffered(bytes);
      ctx.write(
          message, promise.unvoid().addListener(sent -> metrics.left(bytes, sent.isSuccess())));
    }
    if (ends && open > 0) {
      open--;
      metrics.streamClosed(window);
    }
  }

  private static int bytesOf(Object message) {
    if (message instanceof HttpContent content) {
      return content.content().readableBytes();
    }
    return message instanceof ByteBuf data ? data.readableBytes() : 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }
}
