package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on a connection of its own: sent once TLS is there, answered or failed once. */
abstract class RequestHandler extends SimpleChannelInboundHandler<FullHttpResponse> {

  /** How long a hub may take from the dial to its answer. */
  static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Connector connector;
  private final Time time;
  private Time.@Nullable Scheduled deadline;
  private @Nullable Throwable failure;
  private boolean done;

  RequestHandler(Connector connector, Time time) {
    this.connector = connector;
    this.time = time;
  }

  abstract FullHttpRequest request();

  /** The hub's answer; what this throws fails the request. */
  abstract void answered(ChannelHandlerContext ctx, FullHttpResponse response);

  /** There will be no answer. Any thread. */
  abstract void fail(FairleadException why);

  final HostPort hub() {
    return connector.hub();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        time.schedule(
            DEADLINE,
            () -> {
              try {
                ctx.executor().execute(() -> tooLate(ctx));
              } catch (RejectedExecutionException stopped) {
                LOG.debug("the event loop is stopped, and the request with it");
              }
            });
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    done();
  }

  private void tooLate(ChannelHandlerContext ctx) {
    if (!done) {
      failure =
          new TransportException(
              hub() + ": no answer within " + DEADLINE.toSeconds() + " s (expected: the hub's)");
      ctx.close();
    }
  }

  private void done() {
    done = true;
    if (deadline != null) {
      deadline.cancel();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        FullHttpRequest request = request();
        request
            .headers()
            .set(HttpHeaderNames.HOST, hub())
            .set(HttpHeaderNames.USER_AGENT, "fairlead-agent");
        ctx.writeAndFlush(request);
      } else {
        failure = handshake.cause();
        ctx.close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (done) {
      return;
    }
    done();
    try {
      if (response.decoderResult().isFailure()) {
        throw new TransportException(hub() + ": the answer is malformed (expected: HTTP/1.1)");
      }
      answered(ctx, response);
    } catch (FairleadException unusable) {
      fail(unusable);
      ctx.close();
    }
  }

  /** What an answer means that is not the one it hoped for. */
  final FairleadException refusal(FullHttpResponse response) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    return Problem.failure(
        hub().toString(),
        response.status().code(),
        type,
        response.content().toString(StandardCharsets.UTF_8));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failure = failure == null ? cause : failure;
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!done) {
      done();
      fail(connector.failure(failure));
    }
    ctx.fireChannelInactive();
  }
}
