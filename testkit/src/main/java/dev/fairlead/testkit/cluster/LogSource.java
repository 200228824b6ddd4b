package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.store.LogRing;
import dev.fairlead.testkit.cluster.wire.ChunkSource;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Follows a log. A client slower than the log misses lines, as with a rotated file. */
final class LogSource implements ChunkSource {
  private final LogRing ring;
  private final LogQuery query;
  private @Nullable Runnable listener;
  private long next;
  private boolean done;

  LogSource(LogRing ring, LogQuery query) {
    this.ring = ring;
    this.query = query;
    this.next = query.start(ring);
  }

  @Override
  public byte @Nullable [] next() {
    while (true) {
      // Asked before reading: a line may come in between, and must not be lost.
      boolean last = ring.closed();
      var lines = ring.from(next, 1);
      if (lines.isEmpty()) {
        done |= last;
        return null;
      }
      LogRing.Line line = lines.get(0);
      next = line.sequence() + 1;
      if (query.wants(line)) {
        return query.format(line).getBytes(StandardCharsets.UTF_8);
      }
    }
  }

  @Override
  public boolean done() {
    return done;
  }

  @Override
  public void onAvailable(Runnable callback) {
    listener = callback;
    ring.listen(callback);
  }

  @Override
  public void expire() {
    done = true;
  }

  @Override
  public void close() {
    if (listener != null) {
      ring.unlisten(listener);
    }
  }
}
