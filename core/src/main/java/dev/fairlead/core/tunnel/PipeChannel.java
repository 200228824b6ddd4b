package dev.fairlead.core.tunnel;

import dev.fairlead.api.transport.Pipe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A channel over a pipe, on any event loop. What the pipe delivers is handed to the pipeline in
 * turns of the event loop; what the pipeline writes waits in the channel's outbound buffer while
 * the pipe is not ready.
 */
public final class PipeChannel extends AbstractChannel {

  /** Chunks that may be on their way from the pipe to the pipeline. */
  private static final int DEMAND = 8;

  /** Asked for together, as a pipe may have to wake a thread to be asked. */
  private static final int ASKED_AT_ONCE = DEMAND / 2;

  private static final int MOST_BUFFERS = 64;
  private static final long LINGER_MILLIS = 1_000;
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private sealed interface Event {
    record Data(ByteBuffer data) implements Event {}

    record Ready() implements Event {}

    record Ended() implements Event {}

    record Closed(@Nullable Throwable cause) implements Event {}
  }

  private static final Event READY = new Event.Ready();
  private static final Event ENDED = new Event.Ended();

  private final Pipe pipe;
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean turnScheduled = new AtomicBoolean();
  private boolean started;
  private boolean open = true;
  private boolean pipeClosed;
  private int owed;
  private @Nullable Throwable cause;
  private final List<Runnable> whenPipeClosed = new ArrayList<>();

  /**
   * A channel that is not registered yet.
   *
   * @param pipe a pipe that was not started
   */
  public PipeChannel(Pipe pipe) {
    super(null);
    this.pipe = pipe;
  }

  /**
   * Registers the channel and starts the pipe, before it returns. Any thread, once.
   *
   * @param loop where the channel runs
   * @throws RuntimeException what the pipe's start throws; the channel is closed then
   */
  public void start(EventLoop loop) {
    loop.register(this);
    try {
      pipe.start(new ToEventLoop(loop));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    loop.execute(
        () -> {
          started = true;
          if (open) {
            closeWith(loop);
            pipe.request(DEMAND);
            unsafe().flush();
          }
        });
  }

  /** An event loop closes the sockets it has when it stops; of this channel it does not know. */
  private void closeWith(EventLoop loop) {
    if (loop instanceof SingleThreadEventExecutor executor) {
      Runnable hook = this::closeAtOnce;
      executor.addShutdownHook(hook);
      closeFuture().addListener(closed -> executor.removeShutdownHook(hook));
    }
  }

  /**
   * Why the pipe broke. On the event loop.
   *
   * @return the cause; null while it did not break, and if it was closed in order
   */
  public @Nullable Throwable cause() {
    return cause;
  }

  /**
   * Runs a task when the pipe is closed, too, which is later than the channel's own end by as much
   * as its last bytes take to arrive. On the event loop.
   *
   * @param task what to run
   */
  public void whenPipeClosed(Runnable task) {
    if (pipeClosed || !started) {
      task.run();
    } else {
      whenPipeClosed.add(task);
    }
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new PipeUnsafe();
  }

  private final class PipeUnsafe extends AbstractUnsafe {
    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException("a pipe is connected by its transport"));
    }
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    return null;
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a pipe is bound by its transport");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBeginRead() {
    if (owed >= ASKED_AT_ONCE && started && !pipeClosed) {
      int chunks = owed;
      owed = 0;
      pipe.request(chunks);
    }
  }

  @Override
  protected void doClose() {
    open = false;
    if (!started) {
      pipe.abort(new ClosedChannelException());
    } else if (!pipeClosed) {
      // The last bytes, a GOAWAY among them, are still in the pipe; a peer that does not end its
      // side is cut off.
      pipe.end();
      eventLoop()
          .schedule(
              () -> pipe.abort(new ClosedChannelException()), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof ByteBuf) {
      return message;
    }
    throw new UnsupportedOperationException(
        "message: " + message.getClass().getName() + " (expected: ByteBuf)");
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    while (started && pipe.isReady() && !out.isEmpty()) {
      ByteBuffer[] gathered = out.nioBuffers(MOST_BUFFERS, Pipe.MAX_CHUNK);
      int count = out.nioBufferCount();
      if (count == 0) {
        out.removeBytes(0);
        if (!(out.current() instanceof ByteBuf empty) || empty.isReadable()) {
          return;
        }
        out.remove();
        continue;
      }
      int bytes = write(gathered, count);
      out.removeBytes(bytes);
    }
  }

  /**
   * Writes as much of the buffers as fits a chunk, and tells how much. That can be less than was
   * asked of the outbound buffer: it counts a composite buffer as a whole, but hands out no more
   * parts of it than asked for, and a single buffer may be larger than a chunk. Like a socket, it
   * moves the positions of what was written, which the outbound buffer keeps for the next time.
   */
  private int write(ByteBuffer[] buffers, int count) {
    ByteBuffer[] chunk = new ByteBuffer[count];
    int bytes = 0;
    int parts = 0;
    while (parts < count && bytes < Pipe.MAX_CHUNK) {
      ByteBuffer part = buffers[parts];
      int size = Math.min(part.remaining(), Pipe.MAX_CHUNK - bytes);
      chunk[parts++] = part.slice(part.position(), size);
      part.position(part.position() + size);
      bytes += size;
    }
    pipe.write(parts == count ? chunk : Arrays.copyOf(chunk, parts));
    return bytes;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && isRegistered();
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  /** Takes the pipe's callbacks, on the pipe's threads. */
  private final class ToEventLoop implements Pipe.Listener {

    private final EventLoop loop;

    ToEventLoop(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public void onReady() {
      offer(READY);
    }

    @Override
    public void onData(ByteBuffer data) {
      offer(new Event.Data(data));
    }

    @Override
    public void onEnd() {
      offer(ENDED);
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
      offer(new Event.Closed(why));
    }

    private void offer(Event event) {
      events.add(event);
      if (turnScheduled.compareAndSet(false, true)) {
        try {
          loop.execute(PipeChannel.this::turn);
        } catch (RejectedExecutionException e) {
          // The loop's owner has stopped it, and with it everybody there was to tell.
          pipe.abort(e);
        }
      }
    }
  }

  private void turn() {
    turnScheduled.set(false);
    int chunks = 0;
    for (Event event; (event = events.poll()) != null; ) {
      if (event instanceof Event.Data arrived) {
        chunks++;
        pipeline().fireChannelRead(Unpooled.wrappedBuffer(arrived.data()));
      } else if (event instanceof Event.Ready) {
        unsafe().flush();
      } else if (event instanceof Event.Ended) {
        closeAtOnce();
      } else if (event instanceof Event.Closed closed) {
        pipeClosed = true;
        cause = open ? closed.cause() : cause;
        closeAtOnce();
        whenPipeClosed.forEach(Runnable::run);
        whenPipeClosed.clear();
      }
    }
    if (chunks > 0) {
      // Asked for again when the pipeline reads on, which it does at once unless it is full.
      owed += chunks;
      pipeline().fireChannelReadComplete();
    }
  }

  /**
   * Closes past the handlers. A peer that has ended its side reads nothing any more: a GOAWAY for
   * it would only wait, and outlive an event loop that is being stopped.
   */
  private void closeAtOnce() {
    unsafe().close(unsafe().voidPromise());
  }
}
