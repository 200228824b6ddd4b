package dev.fairlead.core.exchange;

import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import org.jspecify.annotations.Nullable;

/** Writes down how an exchange goes, on the event loops of its streams and at intervals. */
final class Recorder implements Relay.Observer {

  private final Exchange exchange;
  private final Progress progress;
  private volatile @Nullable Integer status;
  private volatile @Nullable Relay relay;
  private volatile Runnable tooMuch = () -> {};
  private volatile boolean exceeded;
  private Runnable forget = () -> {};
  private boolean over;

  Recorder(Exchange exchange, Progress progress) {
    this.exchange = exchange;
    this.progress = progress;
  }

  /** From now on it is known how much was sent. */
  void follow(Relay started) {
    relay = started;
  }

  /** What to do when the request brings more than it may. */
  void whenTooMuch(Runnable task) {
    tooMuch = task;
    if (exceeded) {
      task.run();
    }
  }

  @Override
  public void onRequestBytes(long total) {
    if (total > BodySize.MOST && !exceeded && !exchange.request().isLongRunning()) {
      exceeded = true;
      tooMuch.run();
    }
  }

  @Override
  public void onResponse(int code) {
    status = code;
    if (exchange.request().isLongRunning() || code == 101) {
      exchange.trail().responseStarted(code);
      again();
    }
  }

  private synchronized void again() {
    if (!over) {
      forget = progress.next(this);
    }
  }

  /** An interval is over. */
  void stillRuns() {
    Integer code = status;
    Relay running = relay;
    synchronized (this) {
      if (over || code == null || running == null) {
        return;
      }
      annotate(running.bytesIn(), running.bytesOut());
      exchange.trail().running(code);
    }
    again();
  }

  @Override
  public void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason) {
    synchronized (this) {
      over = true;
      forget.run();
    }
    exchange.over().complete(null);
    Trail trail = exchange.trail();
    annotate(bytesIn, bytesOut);
    String lost = exchange.standing().lostReason();
    trail.annotate(Fact.CLOSE_REASON, reason == null ? "complete" : reason.name());
    if (lost != null && reason != null) {
      trail.annotate(Fact.REVOKED, lost);
    }
    trail.complete(status);
  }

  private void annotate(long bytesIn, long bytesOut) {
    exchange.trail().annotate(Fact.BYTES_IN, Long.toString(bytesIn));
    exchange.trail().annotate(Fact.BYTES_OUT, Long.toString(bytesOut));
  }
}
