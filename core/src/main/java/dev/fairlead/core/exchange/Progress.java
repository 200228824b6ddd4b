package dev.fairlead.core.exchange;

import dev.fairlead.api.Time;
import java.time.Duration;

/** Has what lasts recorded at intervals. Safe for use by any thread. */
final class Progress implements AutoCloseable {

  private final Duration every;
  private final Deadlines<Recorder> moments;

  Progress(Duration every, Time time) {
    this.every = every;
    this.moments = Deadlines.steady(time, Recorder::stillRuns);
  }

  /**
   * Calls the recorder after an interval, once.
   *
   * @return takes that back
   */
  Runnable next(Recorder recorder) {
    return moments.add(moments.now().plus(every), "", recorder);
  }

  @Override
  public void close() {
    moments.close();
  }
}
