package dev.fairlead.core.exchange;

import dev.fairlead.api.Time;
import java.time.Duration;

/** Has what lasts recorded at intervals. Safe for use by any thread. */
final class Progress implements AutoCloseable {

  private final Duration every;
  private final Time time;
  private final Deadlines<Recorder> moments;

  Progress(Duration every, Time time) {
    this.every = every;
    this.time = time;
    this.moments = new Deadlines<>(time, (recorder, at) -> recorder.stillRuns());
  }

  /**
   * Calls the recorder after an interval, once.
   *
   * @return takes that back
   */
  Runnable next(Recorder recorder) {
    return moments.add(time.instant().plus(every), "", recorder);
  }

  @Override
  public void close() {
    moments.close();
  }
}
