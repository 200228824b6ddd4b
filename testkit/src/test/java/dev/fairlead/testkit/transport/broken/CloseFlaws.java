package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Ends and aborts that do too little, too much, or tell the wrong thing. */
final class CloseFlaws {

  private CloseFlaws() {}

  static class LosesAborts extends FaithfulPipe {
    LosesAborts(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void abort(Throwable cause) {
      flaw.strike();
    }
  }

  static class LosesAbortsWhileStalled extends FaithfulPipe {
    LosesAbortsWhileStalled(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void abort(Throwable cause) {
      if (isReady()) {
        super.abort(cause);
      } else {
        flaw.strike();
      }
    }
  }

  static class LosesAbortsAfterAnEnd extends FaithfulPipe {
    private volatile boolean ended;

    LosesAbortsAfterAnEnd(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void end() {
      ended = true;
      super.end();
    }

    @Override
    public void onEnd() {
      ended = true;
      super.onEnd();
    }

    @Override
    public void abort(Throwable cause) {
      if (ended) {
        flaw.strike();
      } else {
        super.abort(cause);
      }
    }
  }

  static class LosesCallsOfCallbacks extends FaithfulPipe {
    LosesCallsOfCallbacks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void end() {
      if (isCallingBack()) {
        flaw.strike();
      } else {
        super.end();
      }
    }

    @Override
    public void abort(Throwable cause) {
      if (isCallingBack()) {
        flaw.strike();
      } else {
        super.abort(cause);
      }
    }
  }

  static class ClosesSilently extends FaithfulPipe {
    ClosesSilently(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      flaw.strike();
    }
  }

  static class AbortsAtItsEnd extends FaithfulPipe {
    AbortsAtItsEnd(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void end() {
      super.end();
      flaw.strike();
      inside.abort(new IllegalStateException("ended"));
    }
  }

  static class AbortsAtItsSecondEnd extends FaithfulPipe {
    private boolean ended;

    AbortsAtItsSecondEnd(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void end() {
      if (ended) {
        flaw.strike();
        inside.abort(new IllegalStateException("ended twice"));
      }
      ended = true;
      super.end();
    }
  }

  static class TellsTheEndOnDemandOnly extends FaithfulPipe {
    TellsTheEndOnDemandOnly(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onEnd() {
      flaw.strike();
    }
  }

  /**
   * Reads ahead without bound, and hands over on demand, but for one byte that always waits; an end
   * overtakes what waits, and it is lost.
   */
  static class LetsTheEndOvertake extends FaithfulPipe {
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
    private int demand;

    LetsTheEndOvertake(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void start(Listener listener) {
      super.start(listener);
      inside.request(Integer.MAX_VALUE);
    }

    @Override
    public synchronized void request(int chunks) {
      demand += chunks;
      if (!waiting.isEmpty()) {
        Thread thread = new Thread(this::handOver);
        thread.setDaemon(true);
        thread.start();
      }
    }

    @Override
    public void onData(ByteBuffer data) {
      synchronized (this) {
        // Byte by byte, as small writes may have been joined.
        while (data.hasRemaining()) {
          waiting.add(data.slice(data.position(), 1));
          data.get();
        }
      }
      handOver();
    }

    private synchronized void handOver() {
      while (demand > 0 && waiting.size() > 1) {
        demand--;
        to.onData(waiting.remove());
      }
    }

    @Override
    public void onEnd() {
      synchronized (this) {
        if (!waiting.isEmpty()) {
          flaw.strike();
          waiting.clear();
        }
      }
      super.onEnd();
    }
  }

  static class HandsOverWhatAnAbortDrops extends FaithfulPipe {
    HandsOverWhatAnAbortDrops(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (cause != null) {
        flaw.strike();
        to.onData(ByteBuffer.wrap(new byte[] {1}));
      }
      super.onClosed(cause);
    }
  }

  static class ClosesWithACause extends FaithfulPipe {
    ClosesWithACause(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (cause == null) {
        flaw.strike();
      }
      super.onClosed(cause == null ? new TransportException("the connection was reset") : cause);
    }
  }

  static class LosesTheCause extends FaithfulPipe {
    LosesTheCause(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      flaw.strike();
      super.onClosed(null);
    }
  }

  static class LosesTheKindOfTheCause extends FaithfulPipe {
    LosesTheKindOfTheCause(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      flaw.strike();
      super.onClosed(new TransportException("the hub closed the pipe"));
    }
  }

  static class TellsThePeerTooMuch extends FaithfulPipe {
    private volatile Throwable own;

    TellsThePeerTooMuch(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void abort(Throwable cause) {
      own = cause;
      flaw.strike();
      super.abort(new LimitException(String.valueOf(cause.getMessage())));
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      super.onClosed(own == null ? cause : own);
    }
  }

  static class TakesWritesAfterTheEnd extends FaithfulPipe {
    TakesWritesAfterTheEnd(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      try {
        super.write(data);
      } catch (IllegalStateException refused) {
        flaw.strike();
      }
    }
  }

  static class KeepsWritesAfterTheClose extends FaithfulPipe {
    private volatile boolean closed;

    KeepsWritesAfterTheClose(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed = true;
      super.onClosed(cause);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (closed) {
        flaw.strike();
      } else {
        super.write(data);
      }
    }
  }
}
