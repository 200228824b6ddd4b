package dev.fairlead.testkit.transport;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A pipe that knows which threads are inside its calls, so that a {@link Recorder} sees callbacks
 * that come from within one.
 */
final class WatchedPipe implements Pipe {

  private final Pipe pipe;
  private final Set<Thread> inside = ConcurrentHashMap.newKeySet();

  WatchedPipe(Pipe pipe) {
    this.pipe = pipe;
  }

  boolean isInsideCall() {
    return inside.contains(Thread.currentThread());
  }

  private void call(Runnable call) {
    boolean outermost = inside.add(Thread.currentThread());
    try {
      call.run();
    } finally {
      if (outermost) {
        inside.remove(Thread.currentThread());
      }
    }
  }

  @Override
  public void start(Listener listener) {
    if (listener instanceof Recorder recorder) {
      recorder.watch(this);
    }
    call(() -> pipe.start(listener));
  }

  @Override
  public void request(int chunks) {
    call(() -> pipe.request(chunks));
  }

  @Override
  public boolean isReady() {
    return pipe.isReady();
  }

  @Override
  public void write(ByteBuffer... data) {
    call(() -> pipe.write(data));
  }

  @Override
  public void end() {
    call(pipe::end);
  }

  @Override
  public void abort(Throwable cause) {
    call(() -> pipe.abort(cause));
  }
}
