package dev.fairlead.core.fleet;

import dev.fairlead.api.AgentInfo;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetEvent;
import dev.fairlead.api.OfflineException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A cluster and the sessions that lead to it, oldest first. */
public final class ClusterEntry implements Cluster {

  private final ClusterName name;
  private final InstantSource clock;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<Session> sessions = List.of();
  private volatile Map<String, String> labels = Map.of();
  private volatile @Nullable Instant lastSeen;
  private volatile @Nullable String kubernetesVersion;

  ClusterEntry(ClusterName name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  /** Adds a session and takes out the older ones of the same agent, which are returned. */
  synchronized List<Session> join(Session session) {
    List<Session> older = new ArrayList<>();
    List<Session> now = new ArrayList<>();
    for (Session present : sessions) {
      (present.agentId().equals(session.agentId()) ? older : now).add(present);
    }
    now.add(session);
    sessions = List.copyOf(now);
    seen();
    return older;
  }

  synchronized void leave(Session session) {
    List<Session> now = new ArrayList<>(sessions);
    now.remove(session);
    sessions = List.copyOf(now);
  }

  synchronized void removed() {
    sessions = List.of();
  }

  void seen() {
    lastSeen = clock.instant();
  }

  void labels(Map<String, String> newLabels) {
    labels = Map.copyOf(newLabels);
  }

  void kubernetesVersion(String version) {
    kubernetesVersion = version;
  }

  FleetEvent updated() {
    return new FleetEvent(FleetEvent.Kind.UPDATED, name, status());
  }

  /** The least busy of those that can be used; among equals, each in its turn. */
  Session pick(Collection<Session> except) {
    List<Session> present = sessions;
    int first = present.size() < 2 ? 0 : Math.floorMod(turn.getAndIncrement(), present.size());
    Session best = null;
    int fewest = Integer.MAX_VALUE;
    boolean connected = false;
    for (int i = 0; i < present.size(); i++) {
      Session session = present.get((first + i) % present.size());
      if (!session.tunnel().takesExchanges()) {
        continue;
      }
      connected = true;
      int active = session.tunnel().activeExchanges();
      if (session.report().reachesApiServer() && active < fewest && !except.contains(session)) {
        best = session;
        fewest = active;
      }
    }
    if (best != null) {
      return best;
    }
    if (connected) {
      throw new OfflineException(
          "cluster " + name + ": its agent is connected but does not reach the API server");
    }
    Instant seen = lastSeen;
    throw new OfflineException(
        "cluster "
            + name
            + ": no agent is connected"
            + (seen == null ? "" : ", the last one was heard of at " + seen));
  }

  @Override
  public ClusterName name() {
    return name;
  }

  @Override
  public ClusterStatus status() {
    boolean connected = false;
    for (Session session : sessions) {
      if (session.tunnel().takesExchanges()) {
        if (session.report().reachesApiServer()) {
          return ClusterStatus.CONNECTED;
        }
        connected = true;
      }
    }
    return connected ? ClusterStatus.DEGRADED : ClusterStatus.OFFLINE;
  }

  @Override
  public Optional<Instant> lastSeen() {
    return Optional.ofNullable(lastSeen);
  }

  @Override
  public List<AgentInfo> agents() {
    return sessions.stream()
        .map(Session::info)
        .sorted(Comparator.comparing(AgentInfo::connectedSince))
        .toList();
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public Optional<String> kubernetesVersion() {
    return Optional.ofNullable(kubernetesVersion);
  }
}
