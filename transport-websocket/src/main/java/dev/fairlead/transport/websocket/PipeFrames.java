package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.ChannelPipe.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipe's bytes and signals as WebSocket messages, behind Netty's decoder of frames:
 *
 * <ul>
 *   <li>a binary message carries bytes; the bounds of messages and fragments have no meaning;
 *   <li>an empty binary message ends its sender's direction;
 *   <li>a Close frame with 1000 follows both ends; any other Close breaks the pipe, see {@link
 *       CloseCode}.
 * </ul>
 *
 * <p>After its own Close it reads on, and drops what it reads, until the peer has closed or {@link
 * #LINGER} has passed: to close at once could take the Close frame away from the peer.
 */
final class PipeFrames extends ChannelDuplexHandler {

  /** How long a peer may take to answer a Close. */
  static final Duration LINGER = Duration.ofSeconds(2);

  /** How long it may be quiet before a Ping: load balancers cut after 60 s. */
  static final Duration PING = Duration.ofSeconds(25);

  /**
   * How often one that does not read, as nobody takes what it read, writes a Pong that nobody asked
   * for: only so does it learn that its peer is gone.
   */
  static final Duration SIGN = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(PipeFrames.class);
  private static final int CLOSE = 8;
  private static final int PING_FRAME = 9;
  private static final int PONG = 10;

  private final boolean agent;
  private final Time time;
  private final OutboundFrames out;
  private boolean inMessage;
  private boolean messageHasBytes;
  private boolean peerEnded;
  private boolean wroteSinceTick;
  private boolean closeSent;
  private boolean closeReceived;
  private Time.@Nullable Scheduled tick;
  private Time.@Nullable Scheduled linger;
  private Time.@Nullable Scheduled sign;

  /** The agent's end, which masks. */
  static PipeFrames agent(Masks masks, Time time) {
    return new PipeFrames(true, new OutboundFrames(masks), time);
  }

  /** The hub's end. */
  static PipeFrames hub(Time time) {
    return new PipeFrames(false, new OutboundFrames(null), time);
  }

  /** Netty's decoder, as strict as RFC 6455: no extension, no mask that is missing or too many. */
  static WebSocket13FrameDecoder decoder(boolean expectMasks) {
    return new WebSocket13FrameDecoder(
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(expectMasks)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .maxFramePayloadLength(Pipe.MAX_CHUNK)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build());
  }

  private PipeFrames(boolean agent, OutboundFrames out, Time time) {
    this.agent = agent;
    this.out = out;
    this.time = time;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    keepAlive(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  private void stop() {
    if (tick != null) {
      tick.cancel();
    }
    if (linger != null) {
      linger.cancel();
    }
    if (sign != null) {
      sign.cancel();
    }
    out.drop();
  }

  private void keepAlive(ChannelHandlerContext ctx) {
    tick = after(ctx, PING, () -> tick(ctx));
  }

  private Time.Scheduled after(ChannelHandlerContext ctx, Duration delay, Runnable task) {
    return time.schedule(
        delay,
        () -> {
          try {
            ctx.executor().execute(task);
          } catch (RejectedExecutionException stopped) {
            LOG.debug("the event loop is stopped, and the pipe with it");
          }
        });
  }

  private boolean isOver(ChannelHandlerContext ctx) {
    return closeSent || ctx.isRemoved() || !ctx.channel().isActive();
  }

  private void tick(ChannelHandlerContext ctx) {
    if (isOver(ctx)) {
      return;
    }
    if (!wroteSinceTick && ctx.channel().isWritable()) {
      out.control(ctx, PING_FRAME, Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
    wroteSinceTick = false;
    keepAlive(ctx);
  }

  // Outbound.

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (closeSent) {
      ReferenceCountUtil.release(message);
      promise.setFailure(new ClosedChannelException());
    } else if (message instanceof ByteBuf data) {
      wroteSinceTick = true;
      out.add(ctx, data, promise);
    } else if (message instanceof Signal.End) {
      wroteSinceTick = true;
      out.end(ctx, promise);
    } else if (message instanceof Signal.Finished) {
      close(ctx, CloseCode.NORMAL, new byte[0], promise);
    } else if (message instanceof Signal.Broken broken) {
      out.drop();
      close(ctx, CloseCode.of(broken.cause()), CloseCode.reason(broken.cause()), promise);
    } else {
      ReferenceCountUtil.release(message);
      promise.setFailure(
          new IllegalArgumentException(
              "message: " + message.getClass().getName() + " (expected: bytes or a signal)"));
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    out.flush(ctx);
    ctx.flush();
  }

  private void close(ChannelHandlerContext ctx, int code, byte[] reason, ChannelPromise promise) {
    if (closeSent) {
      promise.trySuccess();
      return;
    }
    out.flush(ctx);
    closeSent = true;
    ByteBuf payload = ctx.alloc().buffer(2 + reason.length);
    if (code != CloseCode.NO_STATUS) {
      payload.writeShort(code).writeBytes(reason);
    }
    out.control(ctx, CLOSE, payload, promise);
    ctx.flush();
    ctx.channel().config().setAutoRead(true);
    if (closeReceived && !agent) {
      promise.addListener(written -> ctx.close());
    } else {
      linger = after(ctx, LINGER, ctx::close);
    }
  }

  // Inbound.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
    } else if (frame instanceof CloseWebSocketFrame close) {
      closed(ctx, close);
    } else if (closeSent || closeReceived) {
      frame.release();
    } else if (frame instanceof BinaryWebSocketFrame
        || frame instanceof ContinuationWebSocketFrame) {
      data(ctx, frame);
    } else if (frame instanceof PingWebSocketFrame) {
      pong(ctx, frame);
    } else if (frame instanceof PongWebSocketFrame) {
      frame.release();
    } else {
      frame.release();
      violated(ctx, CloseCode.UNSUPPORTED_DATA, "a text message (expected: binary ones)");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (sign == null) {
      signWhileNotReading(ctx);
    }
  }

  private void signWhileNotReading(ChannelHandlerContext ctx) {
    boolean reads = ctx.channel().config().isAutoRead();
    sign = reads || isOver(ctx) ? null : after(ctx, SIGN, () -> sign(ctx));
  }

  private void sign(ChannelHandlerContext ctx) {
    if (!isOver(ctx) && ctx.channel().isWritable()) {
      out.control(ctx, PONG, Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
    signWhileNotReading(ctx);
  }

  private void data(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (peerEnded) {
      frame.release();
      violated(ctx, CloseCode.PROTOCOL_ERROR, "a message after the end (expected: none)");
      return;
    }
    if (!inMessage) {
      inMessage = true;
      messageHasBytes = false;
    }
    messageHasBytes |= frame.content().isReadable();
    boolean last = frame.isFinalFragment();
    inMessage = !last;
    if (frame.content().isReadable()) {
      ctx.fireChannelRead(frame.content());
    } else {
      frame.release();
    }
    if (last && !messageHasBytes) {
      peerEnded = true;
      ctx.fireChannelRead(ChannelPipe.END);
    }
  }

  /** A peer that does not read gets no Pongs: they would pile up here. */
  private void pong(ChannelHandlerContext ctx, WebSocketFrame ping) {
    if (ctx.channel().isWritable()) {
      out.control(ctx, PONG, ping.content(), ctx.newPromise());
      ctx.flush();
    } else {
      ping.release();
    }
  }

  private void closed(ChannelHandlerContext ctx, CloseWebSocketFrame frame) {
    int code = frame.statusCode() < 0 ? CloseCode.NO_STATUS : frame.statusCode();
    String reason = frame.reasonText();
    frame.release();
    if (closeReceived) {
      return;
    }
    closeReceived = true;
    FairleadException cause =
        agent ? CloseCode.fromHub(code, reason) : CloseCode.fromAgent(code, reason);
    ctx.fireChannelRead(new Signal.Broken(cause));
    if (closeSent) {
      // A server closes first (RFC 6455, 7.1.1).
      if (!agent) {
        ctx.close();
      }
    } else {
      out.drop();
      close(ctx, code, new byte[0], ctx.newPromise());
    }
  }

  private void violated(ChannelHandlerContext ctx, int code, String what) {
    InvalidException cause = new InvalidException("WebSocket: " + what);
    ctx.fireChannelRead(new Signal.Broken(cause));
    out.drop();
    close(ctx, code, CloseCode.reason(cause), ctx.newPromise());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupt) {
      violated(ctx, corrupt.closeStatus().code(), String.valueOf(corrupt.getMessage()));
    } else if (cause instanceof CorruptedFrameException) {
      violated(ctx, CloseCode.PROTOCOL_ERROR, String.valueOf(cause.getMessage()));
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }
}
