package dev.fairlead.core.inner;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.ChannelPipe.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Reads what {@link InnerEncoder} writes. */
final class InnerDecoder extends ByteToMessageDecoder {

  private static final int LONGEST = InnerProtocols.MOST_BODY;

  private final boolean agent;
  private boolean inData;
  private int left;
  private boolean broken;

  /** An agent's or a hub's. */
  InnerDecoder(boolean agent) {
    this.agent = agent;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
    } else if (inData) {
      int bytes = Math.min(left, in.readableBytes());
      if (bytes > 0) {
        left -= bytes;
        out.add(in.readRetainedSlice(bytes));
      }
      inData = left > 0;
    } else if (in.readableBytes() >= InnerEncoder.HEADER) {
      frame(ctx, in, out);
    }
  }

  private void frame(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int header = in.getInt(in.readerIndex());
    int kind = header >>> 24;
    int length = header & 0xffffff;
    if (kind > InnerEncoder.OPEN
        || length > LONGEST
        || (length > 0 && (kind == InnerEncoder.END || kind == InnerEncoder.OPEN))) {
      broken = true;
      ctx.channel().eventLoop().execute(ctx::close);
      out.add(
          new Signal.Broken(
              new InvalidException(
                  "inner TLS: frame "
                      + kind
                      + " of "
                      + length
                      + " bytes (expected: a known one)")));
      return;
    }
    if (kind == InnerEncoder.BROKEN && in.readableBytes() < InnerEncoder.HEADER + length) {
      return;
    }
    in.skipBytes(InnerEncoder.HEADER);
    switch (kind) {
      case InnerEncoder.DATA -> {
        left = length;
        inData = length > 0;
      }
      case InnerEncoder.END -> out.add(ChannelPipe.END);
      case InnerEncoder.OPEN -> out.add(new InnerEncoder.Open());
      default -> {
        byte[] failure = new byte[length];
        in.readBytes(failure);
        out.add(new Signal.Broken(InnerFailure.decode(failure, agent)));
      }
    }
  }
}
