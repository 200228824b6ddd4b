package dev.fairlead.core.pipe;

import dev.fairlead.api.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A pipe whose bytes travel in a channel: the last handler of a pipeline. The codec before it turns
 * bytes and {@link Signal signals} into the carrier's own frames and back. The pipe may be made,
 * started and aborted before it is in a pipeline; it is connected once it is added to one.
 *
 * <p>A direction holds at most 256 KiB and one write at its writer. At its reader it holds 256 KiB
 * and what one read of the channel brings; then the channel's auto-read is turned off.
 */
public final class ChannelPipe extends ChannelInboundHandlerAdapter implements OpenPipes.Member {

  /** What a pipe and its codec tell each other besides bytes. */
  public sealed interface Signal {

    /** A direction ends after the bytes before; both ways. */
    record End() implements Signal {}

    /** Both directions have ended and all was handed over: the codec closes. Outbound only. */
    record Finished() implements Signal {}

    /**
     * The pipe broke. Outbound, the codec tells the peer and closes; inbound, the peer or the codec
     * tells.
     *
     * @param cause why
     */
    record Broken(Throwable cause) implements Signal {}
  }

  /** Brings a pipe into a pipeline. Called on any thread, from within the pipe's own methods. */
  public interface Carrier {

    /** The pipe has a listener. Once. */
    void started();

    /**
     * The pipe was aborted while it was in no pipeline, and is never to be added to one. At most
     * once; on the pipe's event loop.
     *
     * @param cause why
     */
    void abandoned(Throwable cause);
  }

  /** The end of a direction. */
  public static final Signal END = new Signal.End();

  private static final Signal FINISHED = new Signal.Finished();
  private static final int MOST_UNSENT = 256 * 1024;
  private static final int FEW_UNSENT = 128 * 1024;
  private static final int MOST_HELD = 256 * 1024;
  private static final int FEW_HELD = 128 * 1024;

  private final EventLoop loop;
  private final OpenPipes pipes;
  private final Carrier carrier;
  private final PipeDelivery delivery;
  private final AtomicLong unsent = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private volatile boolean connected;
  private volatile boolean ended;
  private volatile boolean closed;

  // On the event loop only.
  private final Queue<Object> early = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Throwable failure;
  private int callDepth;
  private int held;
  private boolean flushScheduled;
  private boolean endWritten;
  private boolean peerEnded;
  private boolean endHandedOver;
  private boolean finished;

  /**
   * Makes a pipe that is in no pipeline yet.
   *
   * @param loop the event loop of the channel that will carry it
   * @param pipes the pipes of its transport, to which the caller adds it
   * @param carrier brings it into a pipeline
   */
  public ChannelPipe(EventLoop loop, OpenPipes pipes, Carrier carrier) {
    this.loop = loop;
    this.pipes = pipes;
    this.carrier = carrier;
    this.delivery = new PipeDelivery(this::deliver, Integer.MAX_VALUE, new Hooks());
  }

  /**
   * Where the pipe's callbacks come from.
   *
   * @return the event loop of its channel
   */
  public EventLoop loop() {
    return loop;
  }

  private void deliver(Runnable callbacks) {
    if (loop.inEventLoop() && callDepth == 0) {
      callbacks.run();
    } else {
      execute(callbacks);
    }
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException stopped) {
      // The transport is closed, and delivers what is due itself.
      failed(stopped);
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      execute(task);
    }
  }

  /** Runs a call of the pipe's user: no callback comes from within. */
  private void call(Runnable call) {
    if (!loop.inEventLoop()) {
      call.run();
      return;
    }
    callDepth++;
    try {
      call.run();
    } finally {
      callDepth--;
    }
  }

  // What the user calls.

  @Override
  public void start(Listener listener) {
    Objects.requireNonNull(listener, "listener");
    call(
        () -> {
          if (!pipes.add(this)) {
            throw new IllegalStateException(
                "the transport of this pipe was closed before the pipe was started");
          }
          delivery.start(listener);
          carrier.started();
        });
  }

  @Override
  public void request(int chunks) {
    call(() -> delivery.request(chunks));
  }

  @Override
  public boolean isReady() {
    return connected && !ended && !closed && !full.get();
  }

  @Override
  public void write(ByteBuffer... data) {
    delivery.requireStarted();
    int size = 0;
    for (ByteBuffer part : data) {
      size = Math.addExact(size, part.remaining());
    }
    if (size > MAX_CHUNK) {
      throw new IllegalArgumentException(
          "write: " + size + " bytes (expected: at most " + MAX_CHUNK + ")");
    }
    if (ended) {
      throw new IllegalStateException("write after end");
    }
    if (closed || size == 0) {
      for (ByteBuffer part : data) {
        part.position(part.limit());
      }
      return;
    }
    int bytes = size;
    call(() -> write(data, bytes));
  }

  private void write(ByteBuffer[] data, int bytes) {
    ByteBuf copy = PooledByteBufAllocator.DEFAULT.heapBuffer(bytes);
    for (ByteBuffer part : data) {
      copy.writeBytes(part);
    }
    if (unsent.addAndGet(bytes) >= MOST_UNSENT) {
      full.set(true);
      readyAgain();
    }
    try {
      if (loop.inEventLoop()) {
        send(copy);
      } else {
        loop.execute(() -> send(copy));
      }
    } catch (RejectedExecutionException stopped) {
      copy.release();
      failed(stopped);
    }
  }

  @Override
  public void end() {
    delivery.requireStarted();
    if (!ended) {
      ended = true;
      call(() -> onLoop(() -> send(END)));
    }
  }

  @Override
  public void abort(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    call(
        () -> {
          if (close(cause)) {
            onLoop(() -> breakOff(cause));
          }
        });
  }

  // What the carrier calls.

  /**
   * The pipe cannot be connected, or broke. Any thread; does nothing if it is closed.
   *
   * @param cause what its listener gets
   */
  public void failed(Throwable cause) {
    if (close(cause)) {
      onLoop(this::dropEarly);
    }
  }

  private boolean close(@Nullable Throwable cause) {
    closed = true;
    boolean first = delivery.close(cause);
    if (!delivery.isStarted()) {
      pipes.remove(this);
    }
    return first;
  }

  // On the event loop: what is sent.

  private void send(Object message) {
    ChannelHandlerContext present = ctx;
    if (present == null) {
      if (closed) {
        ReferenceCountUtil.release(message);
      } else {
        early.add(message);
      }
      return;
    }
    if (message instanceof ByteBuf data) {
      int bytes = data.readableBytes();
      present.write(data).addListener(future -> sent(bytes));
    } else {
      ChannelFuture written = present.write(message);
      written.addListener(future -> endSent(future.isSuccess()));
    }
    flushSoon(present);
  }

  /** Once in a turn of the event loop, however often was written in it. */
  private void flushSoon(ChannelHandlerContext present) {
    if (!flushScheduled) {
      flushScheduled = true;
      execute(
          () -> {
            flushScheduled = false;
            present.flush();
          });
    }
  }

  private void sent(int bytes) {
    unsent.addAndGet(-bytes);
    readyAgain();
  }

  private void readyAgain() {
    if (unsent.get() <= FEW_UNSENT && full.compareAndSet(true, false) && connected && !ended) {
      delivery.ready();
    }
  }

  private void endSent(boolean success) {
    if (success) {
      endWritten = true;
      finishIfDone();
    }
  }

  private void breakOff(Throwable cause) {
    ChannelHandlerContext present = ctx;
    dropEarly();
    if (present != null) {
      present.writeAndFlush(new Signal.Broken(cause));
    } else {
      carrier.abandoned(cause);
    }
  }

  private void dropEarly() {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  private void finishIfDone() {
    ChannelHandlerContext present = ctx;
    if (endWritten && endHandedOver && !finished && !closed) {
      finished = true;
      close(null);
      if (present != null) {
        present.writeAndFlush(FINISHED);
      }
    }
  }

  // On the event loop: what the channel tells.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    if (closed) {
      dropEarly();
      context.writeAndFlush(
          new Signal.Broken(new TransportException("the pipe was closed before it was connected")));
      return;
    }
    connected = true;
    for (Object message; (message = early.poll()) != null; ) {
      send(message);
    }
    if (!ended && !full.get()) {
      delivery.ready();
    }
    Channel channel = context.channel();
    if (!channel.isActive()) {
      lost();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf data) {
      try {
        received(context, data);
      } finally {
        data.release();
      }
    } else if (message instanceof Signal.End) {
      peerEnded = true;
      delivery.end();
    } else if (message instanceof Signal.Broken broken) {
      if (!(peerEnded && endWritten)) {
        close(broken.cause());
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(ChannelHandlerContext context, ByteBuf data) {
    while (data.isReadable() && !closed) {
      byte[] chunk = new byte[Math.min(data.readableBytes(), MAX_CHUNK)];
      data.readBytes(chunk);
      held += chunk.length;
      delivery.data(ByteBuffer.wrap(chunk));
    }
    if (held >= MOST_HELD && !closed) {
      context.channel().config().setAutoRead(false);
    }
  }

  private void handedOver(int bytes) {
    held -= bytes;
    ChannelHandlerContext present = ctx;
    if (present != null && held <= FEW_HELD && !closed) {
      present.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failure = failure == null ? cause : failure;
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lost();
    context.fireChannelInactive();
  }

  private void lost() {
    connected = false;
    if (!(peerEnded && endWritten)) {
      Throwable why = failure == null ? new ClosedChannelException() : failure;
      String detail = why.getMessage() == null ? "" : ": " + why.getMessage();
      close(
          new TransportException(
              "the connection was lost before both directions had ended" + detail, why));
    }
  }

  // From within the delivery.

  @Override
  public void finish() {
    delivery.finish();
  }

  @Override
  public boolean isCallingBack() {
    return delivery.isCallingBack();
  }

  private final class Hooks implements PipeDelivery.Hooks {
    @Override
    public void handedOver(int bytes) {
      onLoop(() -> ChannelPipe.this.handedOver(bytes));
    }

    @Override
    public void endHandedOver() {
      onLoop(
          () -> {
            endHandedOver = true;
            finishIfDone();
          });
    }

    @Override
    public void closeHandedOver() {
      pipes.remove(ChannelPipe.this);
    }

    @Override
    public void listenerFailed(Throwable failed) {
      abort(failed);
    }
  }
}
