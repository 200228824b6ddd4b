package dev.fairlead.testkit.fault;

import dev.fairlead.api.Time;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.pipe.PipeDelivery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pipe in front of another. What the other delivers passes through here, and demand is passed on
 * such that no more than the listener's demand, the rest of one chunk, and what is on its way while
 * there is a bandwidth, waits here.
 */
final class FaultyPipe implements OpenPipes.Member {

  /** How many chunks may be on their way through a network that has a bandwidth. */
  static final int MOST_TRAVELLING = 1_024;

  private final Pipe inside;
  private final Faults faults;
  private final OpenPipes owner;
  private final PipeDelivery delivery;

  /** Lets one thread at a time call the pipe inside. */
  private final ReentrantLock calls = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private long demand;
  private long heldDemand;
  private long asked;
  private long waiting;
  private long latestDue;
  private int delayed;
  private boolean used;
  private long freeAt;
  private boolean vanished;
  private boolean ended;

  FaultyPipe(Pipe inside, Faults faults, Executor callbacks, OpenPipes owner) {
    this.inside = Objects.requireNonNull(inside, "pipe");
    this.faults = faults;
    this.owner = owner;
    this.delivery = new PipeDelivery(callbacks, 64, new Hooks());
  }

  @Override
  public void start(Listener listener) {
    if (!owner.add(this)) {
      throw new IllegalStateException(
          "the transport of this pipe was closed before it was started");
    }
    delivery.start(listener);
    callInside(() -> inside.start(new Arrivals()));
  }

  @Override
  public void request(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: at least 1)");
    }
    delivery.requireStarted();
    lock.lock();
    try {
      demand += chunks;
      heldDemand += chunks;
    } finally {
      lock.unlock();
    }
    pass();
  }

  /** Passes on what may pass at present: demand, and what was held back. */
  private void pass() {
    long grant;
    long ask;
    lock.lock();
    try {
      if (faults.readsStalled() || vanished) {
        return;
      }
      while (!held.isEmpty()) {
        held.remove().run();
      }
      grant = heldDemand;
      heldDemand = 0;
      ask = Math.max(0, demand + onTheWay() - waiting - asked);
      ask = Math.min(ask, Integer.MAX_VALUE);
      asked += ask;
    } finally {
      lock.unlock();
    }
    for (; grant > 0; grant -= Math.min(grant, Integer.MAX_VALUE)) {
      delivery.request((int) Math.min(grant, Integer.MAX_VALUE));
    }
    if (ask > 0) {
      int chunks = (int) ask;
      callInside(() -> inside.request(chunks));
    }
  }

  /** What is demanded of the pipe inside beyond the listener's demand. */
  private int onTheWay() {
    return faults.bandwidth() == Long.MAX_VALUE ? 0 : MOST_TRAVELLING;
  }

  private void callInside(Runnable call) {
    calls.lock();
    try {
      call.run();
    } finally {
      calls.unlock();
    }
  }

  @Override
  public boolean isReady() {
    lock.lock();
    try {
      if (faults.writesStalled() || ended || delivery.isClosed()) {
        return false;
      }
      if (vanished) {
        return true;
      }
    } finally {
      lock.unlock();
    }
    return inside.isReady();
  }

  @Override
  public void write(ByteBuffer... data) {
    if (!hasVanished()) {
      callInside(() -> inside.write(data));
      return;
    }
    if (hasEnded()) {
      throw new IllegalStateException("write after end");
    }
    for (ByteBuffer part : data) {
      part.position(part.limit());
    }
  }

  @Override
  public void end() {
    delivery.requireStarted();
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
    if (!hasVanished()) {
      callInside(inside::end);
    }
  }

  @Override
  public void abort(Throwable cause) {
    if (delivery.close(Objects.requireNonNull(cause, "cause")) && !hasVanished()) {
      abortInside(cause);
    }
    if (!delivery.isStarted()) {
      forgotten();
    }
  }

  void abortInside(Throwable cause) {
    inside.abort(cause);
  }

  void vanish() {
    lock.lock();
    try {
      vanished = true;
      held.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasVanished() {
    lock.lock();
    try {
      return vanished;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  void resumeReads() {
    if (delivery.isStarted()) {
      pass();
    }
  }

  void resumeWrites() {
    if (isReady()) {
      delivery.ready();
    }
  }

  @Override
  public void finish() {
    delivery.finish();
  }

  @Override
  public boolean isCallingBack() {
    return delivery.isCallingBack();
  }

  private void forgotten() {
    owner.remove(this);
    if (!hasVanished()) {
      faults.forget(this);
    }
  }

  /** Lets an event through after the delay, and not before the events that came earlier. */
  private void arrive(int bytes, Runnable event) {
    Time time = faults.time();
    if (time == null) {
      hold(event);
      return;
    }
    Duration left;
    lock.lock();
    try {
      long now = time.nanoTime();
      long due = now + faults.delay().toNanos() + queued(now, bytes);
      latestDue = delayed == 0 ? due : Math.max(due, latestDue);
      left = Duration.ofNanos(Math.max(0, latestDue - now));
      if (delayed > 0 || left.toNanos() > 0) {
        delayed++;
      } else {
        left = Duration.ofNanos(-1);
      }
    } finally {
      lock.unlock();
    }
    if (left.isNegative()) {
      hold(event);
    } else {
      time.schedule(left, () -> holdDelayed(event));
    }
  }

  /** How long bytes take to get through behind those that came earlier. */
  private long queued(long now, int bytes) {
    long bandwidth = faults.bandwidth();
    if (bandwidth == Long.MAX_VALUE) {
      return 0;
    }
    long begins = used && freeAt - now > 0 ? freeAt : now;
    used = true;
    freeAt = begins + bytes * 1_000_000_000L / bandwidth;
    return freeAt - now;
  }

  private void holdDelayed(Runnable event) {
    lock.lock();
    try {
      delayed--;
      addHeld(event);
    } finally {
      lock.unlock();
    }
    pass();
  }

  private void hold(Runnable event) {
    lock.lock();
    try {
      addHeld(event);
    } finally {
      lock.unlock();
    }
    pass();
  }

  private void addHeld(Runnable event) {
    if (!vanished) {
      held.add(event);
    }
  }

  private final class Arrivals implements Listener {
    @Override
    public void onReady() {
      if (!hasVanished() && !faults.writesStalled()) {
        delivery.ready();
      }
    }

    @Override
    public void onData(ByteBuffer data) {
      int largest = faults.largestChunk();
      int pieces = (data.remaining() + largest - 1) / largest;
      lock.lock();
      try {
        asked--;
        waiting += pieces;
      } finally {
        lock.unlock();
      }
      arrive(data.remaining(), () -> split(data, largest));
    }

    private void split(ByteBuffer data, int largest) {
      while (data.hasRemaining()) {
        int size = Math.min(largest, data.remaining());
        delivery.data(data.slice(data.position(), size));
        data.position(data.position() + size);
      }
    }

    @Override
    public void onEnd() {
      arrive(0, delivery::end);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (cause == null) {
        arrive(0, () -> delivery.close(null));
      } else if (!hasVanished()) {
        delivery.close(cause);
      }
    }
  }

  private final class Hooks implements PipeDelivery.Hooks {
    @Override
    public void handedOver(int bytes) {
      lock.lock();
      try {
        demand--;
        waiting--;
      } finally {
        lock.unlock();
      }
      pass();
    }

    @Override
    public void endHandedOver() {}

    @Override
    public void closeHandedOver() {
      forgotten();
    }

    @Override
    public void listenerFailed(Throwable failure) {
      abort(failure);
    }
  }
}
