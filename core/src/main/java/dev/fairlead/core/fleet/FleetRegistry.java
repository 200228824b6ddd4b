package dev.fairlead.core.fleet;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetEvent;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.Time;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.store.ClusterStore.StoredCluster;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.enrolment.AdmittedAgent;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.tunnel.AgentReport;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Knows every cluster of the fleet and the sessions that lead to it. Safe for use by any thread;
 * nothing here blocks.
 */
public final class FleetRegistry {

  /** More tunnels than one hub should carry are a sign of something wrong. */
  private static final int MOST_SESSIONS = 20_000;

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private volatile boolean closing;

  private final Map<ClusterName, ClusterEntry> clusters = new ConcurrentSkipListMap<>();
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final Set<JoinedWatch> watches = ConcurrentHashMap.newKeySet();
  private final LinkSettings settings;
  private final Time time;
  private final LinkMetrics metrics;

  /**
   * An empty fleet.
   *
   * @param settings the bounds of each tunnel
   * @param time the clock
   * @param metrics what counts on tunnels
   */
  public FleetRegistry(LinkSettings settings, Time time, LinkMetrics metrics) {
    this.settings = settings;
    this.time = time;
    this.metrics = metrics;
  }

  LinkMetrics metrics() {
    return metrics;
  }

  /**
   * Adds a cluster, or takes over its labels.
   *
   * @param stored the cluster as it is stored
   */
  public void add(StoredCluster stored) {
    clusters
        .computeIfAbsent(stored.name(), name -> new ClusterEntry(name, time))
        .labels(stored.labels());
    changed(stored.name());
  }

  /**
   * Removes a cluster and closes its tunnels.
   *
   * @param name the cluster's name
   */
  public void remove(ClusterName name) {
    ClusterEntry entry = clusters.remove(name);
    UnauthenticatedException cause =
        new UnauthenticatedException("cluster " + name + ": removed from the fleet");
    sessions.stream()
        .filter(session -> session.agent().cluster().equals(name))
        .forEach(session -> session.tunnel().abort(cause));
    if (entry != null) {
      entry.removed();
      tell(new FleetEvent(FleetEvent.Kind.REMOVED, name, ClusterStatus.OFFLINE));
    }
  }

  /**
   * Closes the tunnels of an agent that is not to have any.
   *
   * @param agentId the agent's id
   */
  public void expel(String agentId) {
    UnauthenticatedException cause = new UnauthenticatedException("agent " + agentId + ": revoked");
    sessions.stream()
        .filter(session -> session.agentId().equals(agentId))
        .forEach(session -> session.tunnel().abort(cause));
  }

  /**
   * One cluster.
   *
   * @param name its name
   * @return the live view
   * @throws NotFoundException if the fleet has no such cluster
   */
  public ClusterEntry get(ClusterName name) {
    ClusterEntry entry = clusters.get(name);
    if (entry == null) {
      throw new NotFoundException(
          "cluster " + name + ": not in the fleet (expected: one of those listed)");
    }
    return entry;
  }

  /**
   * The labels of a cluster.
   *
   * @param name its name
   * @return its labels; none if the fleet has no such cluster
   */
  public Map<String, String> labels(ClusterName name) {
    ClusterEntry entry = clusters.get(name);
    return entry == null ? Map.of() : entry.labels();
  }

  /**
   * All clusters.
   *
   * @return the live views, by name
   */
  public List<ClusterEntry> list() {
    return List.copyOf(clusters.values());
  }

  /**
   * Begins a session over a pipe.
   *
   * @param agent who is at its other end
   * @param pipe a pipe that was not started
   * @param loop where its tunnel runs
   * @param settled run when the agent has spoken, and again when it is gone
   * @throws LimitException if there are as many sessions as one hub carries; the pipe is untouched
   */
  public void begin(AdmittedAgent agent, Pipe pipe, EventLoop loop, Runnable settled) {
    if (closing) {
      throw new LimitException("tunnels: this hub is closing (expected: try again soon)");
    }
    if (sessions.size() >= MOST_SESSIONS) {
      throw new LimitException(
          "tunnels: " + MOST_SESSIONS + " are open (expected: fewer; add another hub)");
    }
    Session session = Session.begin(this, agent, pipe, loop, settings, time, settled);
    sessions.add(session);
    if (!session.tunnel().isOpen()) {
      sessions.remove(session);
    } else if (!clusters.containsKey(agent.cluster())) {
      session
          .tunnel()
          .abort(new UnauthenticatedException("cluster " + agent.cluster() + ": not in the fleet"));
    }
  }

  /**
   * A session to send an exchange through.
   *
   * @param name the cluster
   * @param except sessions that were tried before
   * @return one that takes exchanges and reaches the API server, the least busy of several
   * @throws NotFoundException if the fleet has no such cluster
   * @throws OfflineException if no agent is connected, or none reaches the API server
   */
  public Session pick(ClusterName name, Collection<Session> except) {
    return get(name).pick(except);
  }

  /**
   * Takes no further tunnels, drains all that are open, and closes those that are still open
   * afterwards. Blocks for as long.
   *
   * @param times how long exchanges may go on
   * @param cause why, for the exchanges that were not over by then
   */
  public void drain(DrainTimes times, Throwable cause) {
    closing = true;
    for (Session session : sessions) {
      session.relays().drain(times, time);
      session.tunnel().drain();
    }
    long nanos = times.longest().toNanos();
    // What was ended at the last moment still gets out, so that the tunnels close in order.
    long deadline = System.nanoTime() + (nanos == 0 ? 0 : nanos + LAST_WORDS.toNanos());
    for (Session session : sessions) {
      session.awaitClosed(deadline - System.nanoTime(), cause);
    }
  }

  /** Ends all watches in order, so that their clients open them anew. */
  public void endWatches() {
    sessions.forEach(session -> session.relays().endWatches());
  }

  /**
   * Follows the fleet, beginning with all that is there.
   *
   * @return a watch that the caller closes
   */
  public FleetWatch watch() {
    JoinedWatch watch = new JoinedWatch(watches::remove);
    watches.add(watch);
    clusters.values().forEach(entry -> watch.offer(entry.updated()));
    return watch;
  }

  void joined(Session session) {
    ClusterEntry entry = clusters.get(session.agent().cluster());
    if (entry == null) {
      session
          .tunnel()
          .abort(
              new UnauthenticatedException(
                  "cluster " + session.agent().cluster() + ": not in the fleet"));
      return;
    }
    for (Session older : entry.join(session)) {
      older.tunnel().replaced();
    }
    changed(entry.name());
  }

  void left(Session session, boolean joined) {
    sessions.remove(session);
    ClusterEntry entry = clusters.get(session.agent().cluster());
    if (joined && entry != null) {
      entry.leave(session);
      changed(entry.name());
    }
  }

  void seen(ClusterName name) {
    ClusterEntry entry = clusters.get(name);
    if (entry != null) {
      entry.seen();
    }
  }

  void reported(ClusterName name, AgentReport report) {
    ClusterEntry entry = clusters.get(name);
    if (entry != null) {
      entry.seen();
      report.kubernetesVersion().ifPresent(entry::kubernetesVersion);
      changed(name);
    }
  }

  void changed(ClusterName name) {
    ClusterEntry entry = clusters.get(name);
    if (entry != null) {
      tell(entry.updated());
    }
  }

  private void tell(FleetEvent event) {
    watches.forEach(watch -> watch.offer(event));
  }
}
