package dev.fairlead.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins small writes into binary frames and cuts large ones, so that a full frame is one TLS
 * record. An agent's frames are masked. On the event loop only.
 */
final class OutboundFrames {

  private static final int RECORD = 16 * 1024;
  private static final int LONGEST_HEAD = 8;

  /** The most bytes of a frame's payload. */
  static final int MOST = RECORD - LONGEST_HEAD;

  private static final int FIN = 0x80;
  private static final int BINARY = 2;
  private static final int MASKED = 0x80;
  private static final int SHORT_LENGTH = 126;

  private record Waiting(ByteBuf data, ChannelPromise promise) {}

  private final @Nullable Masks masks;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int bytes;

  /** For an agent with masks, for a hub without. */
  OutboundFrames(@Nullable Masks masks) {
    this.masks = masks;
  }

  /** Keeps bytes until the next flush, or until they fill a frame. */
  void add(ChannelHandlerContext ctx, ByteBuf data, ChannelPromise promise) {
    waiting.add(new Waiting(data, promise));
    bytes += data.readableBytes();
    while (bytes >= MOST) {
      frame(ctx, MOST);
    }
  }

  void flush(ChannelHandlerContext ctx) {
    if (bytes > 0) {
      frame(ctx, bytes);
    }
  }

  /** The end of the direction: an empty binary message. */
  void end(ChannelHandlerContext ctx, ChannelPromise promise) {
    control(ctx, BINARY, Unpooled.EMPTY_BUFFER, promise);
  }

  private ByteBuf head(ChannelHandlerContext ctx, int opcode, int size, int key) {
    ByteBuf frame = ctx.alloc().heapBuffer(LONGEST_HEAD + size);
    int mask = masks == null ? 0 : MASKED;
    frame.writeByte(FIN | opcode);
    if (size < SHORT_LENGTH) {
      frame.writeByte(mask | size);
    } else {
      frame.writeByte(mask | SHORT_LENGTH).writeShort(size);
    }
    if (masks != null) {
      frame.writeInt(key);
    }
    return frame;
  }

  private void frame(ChannelHandlerContext ctx, int size) {
    int key = masks == null ? 0 : masks.next();
    ByteBuf frame = head(ctx, BINARY, size, key);
    int start = frame.writerIndex();
    int left = size;
    ChannelPromise promise = ctx.newPromise();
    while (left > 0) {
      Waiting first = waiting.element();
      int piece = Math.min(left, first.data().readableBytes());
      frame.writeBytes(first.data(), piece);
      left -= piece;
      if (!first.data().isReadable()) {
        waiting.remove();
        first.data().release();
        promise.addListener(
            written -> {
              if (written.isSuccess()) {
                first.promise().trySuccess();
              } else {
                first.promise().tryFailure(written.cause());
              }
            });
      }
    }
    bytes -= size;
    if (masks != null) {
      Masks.apply(key, frame.array(), frame.arrayOffset() + start, size);
    }
    ctx.write(frame, promise);
  }

  /** A short frame after the bytes before; its payload, at most 125 bytes, is released. */
  void control(ChannelHandlerContext ctx, int opcode, ByteBuf payload, ChannelPromise promise) {
    flush(ctx);
    int size = payload.readableBytes();
    int key = masks == null ? 0 : masks.next();
    ByteBuf frame = head(ctx, opcode, size, key);
    int start = frame.writerIndex();
    frame.writeBytes(payload);
    payload.release();
    if (masks != null) {
      Masks.apply(key, frame.array(), frame.arrayOffset() + start, size);
    }
    ctx.write(frame, promise);
  }

  /** Drops what waits. */
  void drop() {
    bytes = 0;
    for (Waiting next; (next = waiting.poll()) != null; ) {
      next.data().release();
      next.promise().tryFailure(new ClosedChannelException());
    }
  }
}
