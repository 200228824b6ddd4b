package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Calls and callbacks that come at the wrong time, too often or not at all. */
final class CallFlaws {

  private CallFlaws() {}

  static class RunsCallbacksAtOnce extends FaithfulPipe {
    RunsCallbacksAtOnce(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      flaw.strike();
      Thread thread = new Thread(() -> to.onData(data));
      thread.setDaemon(true);
      thread.start();
    }
  }

  static class CallsBackWithinACall extends FaithfulPipe {
    CallsBackWithinACall(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void request(int chunks) {
      super.request(chunks);
      flaw.strike();
      to.onReady();
    }
  }

  static class CallsBackAfterTheClose extends FaithfulPipe {
    CallsBackAfterTheClose(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      super.onClosed(cause);
      flaw.strike();
      to.onReady();
    }
  }

  static class TellsTheCloseTwice extends FaithfulPipe {
    TellsTheCloseTwice(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      super.onClosed(cause);
      flaw.strike();
      super.onClosed(cause);
    }
  }

  static class TellsReadinessTwice extends FaithfulPipe {
    TellsReadinessTwice(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onReady() {
      super.onReady();
      flaw.strike();
      super.onReady();
    }
  }

  static class IsAlwaysReady extends FaithfulPipe {
    IsAlwaysReady(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public boolean isReady() {
      flaw.strike();
      return true;
    }
  }

  static class HoldsALockInCallbacks extends FaithfulPipe {
    private final ReentrantLock lock = new ReentrantLock();

    HoldsALockInCallbacks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void request(int chunks) {
      if (lock.isLocked()) {
        flaw.strike();
      }
      lock.lock();
      try {
        super.request(chunks);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onData(ByteBuffer data) {
      lock.lock();
      try {
        super.onData(data);
      } finally {
        lock.unlock();
      }
    }
  }

  static class SwallowsRefusedStarts extends FaithfulPipe {
    SwallowsRefusedStarts(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void start(Listener listener) {
      try {
        super.start(listener);
      } catch (IllegalStateException refused) {
        flaw.strike();
      }
    }
  }

  static class IgnoresDemand extends FaithfulPipe {
    IgnoresDemand(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void start(Listener listener) {
      super.start(listener);
      flaw.strike();
      inside.request(Integer.MAX_VALUE);
    }
  }

  static class TakesEveryDemandForOne extends FaithfulPipe {
    TakesEveryDemandForOne(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void request(int chunks) {
      flaw.strike();
      super.request(1);
    }
  }

  static class TakesAnyDemand extends FaithfulPipe {
    TakesAnyDemand(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void request(int chunks) {
      if (chunks < 1) {
        flaw.strike();
      } else {
        super.request(chunks);
      }
    }
  }

  static class ForgetsDemandOfCallbacks extends FaithfulPipe {
    ForgetsDemandOfCallbacks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void request(int chunks) {
      if (isCallingBack()) {
        flaw.strike();
      } else {
        super.request(chunks);
      }
    }
  }

  static class SwallowsWhatListenersThrow extends FaithfulPipe {
    SwallowsWhatListenersThrow(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      try {
        super.onData(data);
      } catch (RuntimeException | AssertionError thrown) {
        flaw.strike();
      }
    }
  }
}
