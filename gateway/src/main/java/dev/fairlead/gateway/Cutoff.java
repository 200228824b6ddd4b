package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Does something on a connection's event loop when a moment comes that may be moved, or called off.
 * Moving it on is cheap: the timer is set again when it fires. On the event loop only.
 */
final class Cutoff {

  private final Channel channel;
  private final Time time;
  private final Runnable task;
  private boolean armed;
  private long due;
  private Time.@Nullable Scheduled timer;
  private long firesAt;

  Cutoff(Channel channel, Time time, Runnable task) {
    this.channel = channel;
    this.time = time;
    this.task = task;
    channel.closeFuture().addListener(closed -> stop());
  }

  /** From now on it comes after this. */
  void in(Duration delay) {
    armed = true;
    due = time.nanoTime() + delay.toNanos();
    if (timer == null || firesAt - due > 0) {
      schedule();
    }
  }

  /** It does not come. */
  void never() {
    armed = false;
  }

  private void schedule() {
    if (timer != null) {
      timer.cancel();
    }
    firesAt = due;
    Duration left = Duration.ofNanos(Math.max(0, due - time.nanoTime()));
    timer = time.schedule(left, () -> channel.eventLoop().execute(this::fire));
  }

  private void fire() {
    timer = null;
    if (!armed) {
      return;
    }
    if (due - time.nanoTime() > 0) {
      schedule();
      return;
    }
    armed = false;
    task.run();
  }

  private void stop() {
    armed = false;
    if (timer != null) {
      timer.cancel();
    }
  }
}
