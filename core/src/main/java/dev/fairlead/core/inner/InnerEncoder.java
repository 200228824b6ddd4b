package dev.fairlead.core.inner;

import dev.fairlead.core.pipe.ChannelPipe.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/**
 * Writes bytes and signals as frames: a byte that tells the kind, three bytes of length, and what
 * they count. A break has the kind of failure in its first byte and then its reason.
 */
final class InnerEncoder extends ChannelOutboundHandlerAdapter {

  static final int HEADER = 4;
  static final int DATA = 0;
  static final int END = 1;
  static final int BROKEN = 2;
  static final int OPEN = 3;

  /** Tells the agent that the hub has accepted it. */
  record Open() {}

  private boolean closing;

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (closing) {
      ReferenceCountUtil.release(message);
      promise.setFailure(new ClosedChannelException());
    } else if (message instanceof ByteBuf data) {
      ctx.write(header(ctx, DATA, data.readableBytes()));
      ctx.write(data, promise);
    } else if (message instanceof Signal.End) {
      ctx.write(header(ctx, END, 0), promise);
    } else if (message instanceof Open) {
      ctx.write(header(ctx, OPEN, 0), promise);
    } else if (message instanceof Signal.Finished) {
      closing = true;
      ctx.close(promise);
    } else if (message instanceof Signal.Broken broken) {
      closing = true;
      byte[] failure = InnerFailure.encode(broken.cause());
      ctx.write(header(ctx, BROKEN, failure.length).writeBytes(failure), promise);
      ctx.flush();
      ctx.close();
    } else {
      ReferenceCountUtil.release(message);
      promise.setFailure(
          new IllegalArgumentException(
              "message: " + message.getClass().getName() + " (expected: bytes or a signal)"));
    }
  }

  private static ByteBuf header(ChannelHandlerContext ctx, int kind, int length) {
    return ctx.alloc().buffer(HEADER + (kind == BROKEN ? length : 0)).writeInt(kind << 24 | length);
  }
}
