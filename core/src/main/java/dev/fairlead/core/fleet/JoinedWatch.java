package dev.fairlead.core.fleet;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.FleetEvent;
import dev.fairlead.api.FleetWatch;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Keeps the newest event of each cluster until it is taken. */
final class JoinedWatch implements FleetWatch {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<ClusterName, FleetEvent> waiting = new LinkedHashMap<>();
  private final Consumer<JoinedWatch> onClose;
  private boolean closed;

  JoinedWatch(Consumer<JoinedWatch> onClose) {
    this.onClose = onClose;
  }

  void offer(FleetEvent event) {
    lock.lock();
    try {
      if (!closed) {
        waiting.put(event.cluster(), event);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<FleetEvent> next(Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      Iterator<FleetEvent> first = waiting.values().iterator();
      if (closed || !first.hasNext()) {
        return Optional.empty();
      }
      FleetEvent event = first.next();
      first.remove();
      return Optional.of(event);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    onClose.accept(this);
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
