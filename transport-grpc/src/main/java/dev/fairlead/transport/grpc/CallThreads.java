package dev.fairlead.transport.grpc;

import dev.fairlead.core.pipe.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Where pipes call back: on gRPC's I/O thread that brought the event, unless this thread is inside
 * a call of a pipe. Then the event waits for a thread of this object's own.
 */
final class CallThreads implements Executor, AutoCloseable {

  /** How many calls of pipes the present thread is inside of. */
  private static final class Depth {
    int calls;
  }

  // Of the instance, as a call of one transport's pipe says nothing about another's; transports are
  // few, and what stays behind in a thread is one number.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<Depth> depth = ThreadLocal.withInitial(Depth::new);

  private final ThreadPoolExecutor own;

  CallThreads(String name) {
    own = DaemonThreads.one(name);
  }

  /** Runs a call of a pipe. */
  void call(Runnable call) {
    Depth here = depth.get();
    here.calls++;
    try {
      call.run();
    } finally {
      here.calls--;
    }
  }

  @Override
  public void execute(Runnable callbacks) {
    if (depth.get().calls > 0) {
      own.execute(callbacks);
    } else {
      callbacks.run();
    }
  }

  @Override
  public void close() {
    own.shutdown();
  }
}
