package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Http1ServerConnection;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/1.1 whose client lets the front door wait: for its first request, for
 * more of a body that is being read, or for the next request. What the front door or the cluster
 * takes its time for is no fault of the client's; neither is what comes after a 101.
 */
final class SlowHttp1 extends ChannelDuplexHandler {

  static final Duration FIRST_HEAD = Duration.ofSeconds(10);
  static final Duration BODY = Duration.ofSeconds(30);
  static final Duration IDLE = Duration.ofSeconds(90);

  private final Time time;
  private final Runnable slow;
  private boolean begun;
  private @Nullable Cutoff cutoff;
  private boolean reading;
  private boolean answering;

  private SlowHttp1(Time time, Runnable slow) {
    this.time = time;
    this.slow = slow;
  }

  /**
   * Watches a connection that was installed.
   *
   * @param slow called before it is closed in the middle of a request, or without any
   */
  static void watch(ChannelPipeline pipeline, Time time, Runnable slow) {
    String connection = pipeline.context(Http1ServerConnection.class).name();
    pipeline.addBefore(connection, null, new SlowHttp1(time, slow));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    cutoff = new Cutoff(ctx.channel(), time, () -> tooSlow(ctx));
    cutoff.in(FIRST_HEAD);
  }

  private Cutoff cutoff() {
    return Objects.requireNonNull(cutoff, "cutoff");
  }

  private void tooSlow(ChannelHandlerContext ctx) {
    if (reading && !ctx.channel().config().isAutoRead()) {
      // Nothing was read, as nothing was wanted.
      cutoff().in(BODY);
    } else {
      if (reading || !begun) {
        slow.run();
      }
      ctx.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      begun = true;
      answering = true;
      // The length is not looked into: that it is none is for the connection to answer.
      String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
      reading =
          HttpUtil.isTransferEncodingChunked(request) || (length != null && !length.equals("0"));
    }
    if (message instanceof LastHttpContent) {
      reading = false;
    }
    if (message instanceof HttpRequest || message instanceof HttpContent) {
      await();
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ctx.write(message, promise);
    if (message instanceof HttpResponse response && response.status().code() < 200) {
      if (response.status().code() == 101) {
        cutoff().never();
        ctx.pipeline().remove(this);
      }
    } else if (message instanceof LastHttpContent) {
      answering = false;
      await();
    }
  }

  private void await() {
    if (reading) {
      cutoff().in(BODY);
    } else if (answering) {
      cutoff().never();
    } else {
      cutoff().in(IDLE);
    }
  }
}
