package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pipe that does what the pipe inside does; flawed ones override what they do wrong. */
class FaithfulPipe implements Pipe, Pipe.Listener {

  final Pipe inside;
  final Flaw flaw;
  volatile Listener to;
  private volatile Thread callingBack;

  FaithfulPipe(Pipe inside, Flaw flaw) {
    this.inside = inside;
    this.flaw = flaw;
  }

  final boolean isCallingBack() {
    return Objects.equals(callingBack, Thread.currentThread());
  }

  final void callBack(Runnable callback) {
    callingBack = Thread.currentThread();
    try {
      callback.run();
    } finally {
      callingBack = null;
    }
  }

  @Override
  public void start(Listener listener) {
    if (to == null) {
      to = listener;
    }
    inside.start(this);
  }

  @Override
  public void request(int chunks) {
    inside.request(chunks);
  }

  @Override
  public boolean isReady() {
    return inside.isReady();
  }

  @Override
  public void write(ByteBuffer... data) {
    inside.write(data);
  }

  @Override
  public void end() {
    inside.end();
  }

  @Override
  public void abort(Throwable cause) {
    inside.abort(cause);
  }

  @Override
  public void onReady() {
    callBack(to::onReady);
  }

  @Override
  public void onData(ByteBuffer data) {
    callBack(() -> to.onData(data));
  }

  @Override
  public void onEnd() {
    callBack(to::onEnd);
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    callBack(() -> to.onClosed(cause));
  }
}
