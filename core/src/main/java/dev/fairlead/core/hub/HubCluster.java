package dev.fairlead.core.hub;

import dev.fairlead.api.AgentInfo;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.Time;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.StreamPair;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as its hub shows it, which takes requests from within this process, too: the same rules
 * and the same trail as at the front door, but no socket, no TLS and no token. Safe for use by any
 * thread.
 */
public final class HubCluster implements Cluster {

  /** What a hub's clusters have in common. */
  record Way(Exchanges exchanges, Supplier<EventExecutor> executors, Time time) {}

  private static final String CREDENTIAL = "in-process";

  private final Cluster shown;
  private final Way way;

  HubCluster(Cluster shown, Way way) {
    this.shown = shown;
    this.way = way;
  }

  /**
   * Opens a request. It reaches this cluster or, should another have got its name meanwhile, that
   * one.
   *
   * @param identity who it is made as
   * @param head method, {@code :path} and fields with names in lower case, {@link Heads#PROTOCOL}
   *     for an upgrade; from now on the hub's own
   * @param end whether the request ends with its head
   * @return the request's stream, to be listened to at once; its response is the cluster's, or a
   *     {@code metav1.Status} of the hub
   * @throws ForbiddenException if the identity has a name that is reserved for Kubernetes itself
   * @throws IllegalStateException if the hub is not running
   */
  public HttpStream open(Identity identity, Http2Headers head, boolean end) {
    ReservedNames.refuse(identity);
    StreamPair pair = StreamPair.on(way.executors().get(), end);
    RequestTarget target;
    try {
      CharSequence path = head.path();
      target = RequestTarget.parse(path == null ? "" : path);
    } catch (RefusedRequestException e) {
      refuse(pair, head, e.reason(), String.valueOf(e.getMessage()));
      return pair.caller();
    }
    if (!Heads.isWellFormed(head)) {
      refuse(
          pair,
          head,
          StatusReason.BAD_REQUEST,
          "fields: malformed (expected: names in lower case, no control character in a value)");
      return pair.caller();
    }
    String agent = Heads.get(head, "user-agent");
    way.exchanges()
        .serve(
            pair.served(),
            head,
            end,
            new ClusterRequest(name(), target),
            new Caller(identity, CREDENTIAL, "", agent == null ? "" : agent));
    return pair.caller();
  }

  private static void refuse(
      StreamPair pair, Http2Headers head, StatusReason reason, String message) {
    Refusal.send(pair.served(), head, KubernetesStatus.of(reason, message));
  }

  /**
   * The hub's time, for those who wait for an answer.
   *
   * @return the clock
   */
  public Time time() {
    return way.time();
  }

  @Override
  public ClusterName name() {
    return shown.name();
  }

  @Override
  public ClusterStatus status() {
    return shown.status();
  }

  @Override
  public Optional<Instant> lastSeen() {
    return shown.lastSeen();
  }

  @Override
  public List<AgentInfo> agents() {
    return shown.agents();
  }

  @Override
  public Map<String, String> labels() {
    return shown.labels();
  }

  @Override
  public Optional<String> kubernetesVersion() {
    return shown.kubernetesVersion();
  }

  /** Whether it is a view of the same cluster. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HubCluster that && shown == that.shown;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(shown);
  }

  @Override
  public String toString() {
    return "cluster " + name();
  }
}
