package dev.fairlead.testkit.cluster.workload;

import dev.fairlead.testkit.cluster.store.LogRing;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One log for each container of each pod. */
public final class PodLogs {
  private final Map<String, LogRing> rings = new ConcurrentHashMap<>();
  private final Clock clock;
  private final int linesKept;

  public PodLogs(Clock clock, int linesKept) {
    this.clock = clock;
    this.linesKept = linesKept;
  }

  void open(String namespace, String pod, String container) {
    rings.putIfAbsent(key(namespace, pod, container), new LogRing(linesKept));
  }

  public Optional<LogRing> find(String namespace, String pod, String container) {
    return Optional.ofNullable(rings.get(key(namespace, pod, container)));
  }

  public void append(String namespace, String pod, String container, String line) {
    find(namespace, pod, container).ifPresent(ring -> ring.append(clock.instant(), line));
  }

  /** Appends to every container of a pod; does nothing when there is no such pod. */
  public void append(String namespace, String pod, String line) {
    String prefix = key(namespace, pod, "");
    rings.forEach(
        (key, ring) -> {
          if (key.startsWith(prefix)) {
            ring.append(clock.instant(), line);
          }
        });
  }

  void drop(String namespace, String pod, String container) {
    LogRing ring = rings.remove(key(namespace, pod, container));
    if (ring != null) {
      ring.close();
    }
  }

  private static String key(String namespace, String pod, String container) {
    return namespace + "/" + pod + "/" + container;
  }
}
