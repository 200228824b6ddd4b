package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that has to be done by some time. Safe for use by any thread. */
final class Due {

  private final Time time;
  private Runnable wake = () -> {};
  private Time.@Nullable Scheduled scheduled;
  private boolean due;

  Due(Time time) {
    this.time = time;
  }

  /** What to call when it is due. */
  synchronized void wakes(Runnable task) {
    wake = task;
  }

  /** It is due after this time, unless it is due or will be anyway. */
  synchronized void in(Duration delay) {
    if (scheduled == null) {
      scheduled = time.schedule(delay, this::come);
    }
  }

  private void come() {
    Runnable task;
    synchronized (this) {
      due = true;
      task = wake;
    }
    task.run();
  }

  synchronized boolean isDue() {
    return due;
  }

  /** It was done, or need not be. */
  synchronized void cancel() {
    due = false;
    Time.Scheduled open = scheduled;
    scheduled = null;
    if (open != null) {
      open.cancel();
    }
  }
}
