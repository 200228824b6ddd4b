package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.store.LogRing;
import dev.fairlead.testkit.cluster.wire.Process;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What attach shows: the container's output from now on. */
final class AttachedLog implements Process {
  private final LogSource lines;

  AttachedLog(LogRing ring) {
    this.lines = new LogSource(ring, new LogQuery(0, Instant.MIN, false));
  }

  @Override
  public void stdin(byte[] bytes) {}

  @Override
  public void stdinClosed() {}

  @Override
  public @Nullable Output next() {
    byte[] line = lines.next();
    return line == null ? null : new Output(false, line);
  }

  @Override
  public OptionalInt exitCode() {
    return lines.done() ? OptionalInt.of(0) : OptionalInt.empty();
  }

  @Override
  public void onAvailable(Runnable callback) {
    lines.onAvailable(callback);
  }

  @Override
  public void close() {
    lines.close();
  }
}
