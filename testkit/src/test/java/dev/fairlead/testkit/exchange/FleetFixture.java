package dev.fairlead.testkit.exchange;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.testkit.ManualTime;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A hub with the cluster {@code dev}, its agents, and users who ask without a connection. */
final class FleetFixture implements AutoCloseable {

  static final String PODS = "/api/v1/namespaces/x/pods";

  final ManualTime time = ManualTime.create();
  final MemoryAuditSink audit = new MemoryAuditSink(100_000);
  private final Semaphore ended = new Semaphore(0);
  final InMemoryTransport memory = InMemoryTransport.create();
  final EventLoopGroup loops = new DefaultEventLoopGroup(3);
  final FairleadHub hub;

  /** Decides; everybody may do everything unless set. */
  volatile Function<AccessRequest, CompletionStage<Decision>> authorizer =
      request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all"));

  FleetFixture(UnaryOperator<HubBuilder> settings) {
    hub =
        settings
            .apply(
                FairleadHub.builder()
                    .transport(memory.hub())
                    .authorizer(request -> authorizer.apply(request))
                    .audit(new Counting())
                    .keepInMemory()
                    .time(time))
            .build();
    hub.start();
    hub.fleet().issueInstallToken(ClusterName.of("dev"));
    hub.fleet().issueInstallToken(ClusterName.of("gone"));
    audit.clear();
  }

  /** Connects an agent of {@code dev} and waits until the fleet shows it. */
  FleetAgent agent(String id) throws InterruptedException {
    return agent(id, 1_000);
  }

  FleetAgent agent(String id, int streams) throws InterruptedException {
    return agent(id, LinkSettings.TUNNEL.withMaxStreams(streams));
  }

  FleetAgent agent(String id, LinkSettings settings) throws InterruptedException {
    FleetAgent agent = new FleetAgent(memory, "dev", id, loops.next(), time, settings);
    UserStream.within(agent.open);
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").agents().stream().noneMatch(info -> info.id().equals(id))
          || hub.cluster("dev").status() != ClusterStatus.CONNECTED) {
        if (watch.next(Duration.ofSeconds(10)).isEmpty()) {
          throw new AssertionError("agent " + id + " did not join within 10 s");
        }
      }
    }
    return agent;
  }

  /** Kills an agent of {@code dev} and waits until the fleet shows it no more. */
  void kill(FleetAgent agent, String id) throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      agent.vanish();
      while (hub.cluster("dev").agents().stream().anyMatch(info -> info.id().equals(id))) {
        if (watch.next(Duration.ofSeconds(10)).isEmpty()) {
          throw new AssertionError("agent " + id + " is still there after 10 s");
        }
      }
    }
  }

  /** Waits until so many more requests are over for the hub, too, and not only for their users. */
  void awaitEnded(int requests) throws InterruptedException {
    if (!ended.tryAcquire(requests, 10, TimeUnit.SECONDS)) {
      throw new AssertionError("not " + requests + " requests ended within 10 s");
    }
  }

  void await(ClusterStatus expected) throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() != expected) {
        if (watch.next(Duration.ofSeconds(10)).isEmpty()) {
          throw new AssertionError("dev is " + hub.cluster("dev").status() + ", not " + expected);
        }
      }
    }
  }

  UserStream get(String user, String path) {
    return ask(user, "GET", "dev", path, true);
  }

  UserStream ask(String user, String method, String cluster, String path, boolean end) {
    UserStream stream = new UserStream(loops.next());
    hub.exchanges()
        .serve(
            stream,
            Heads.create().method(method).path(path).scheme("https").authority("hub"),
            end,
            new ClusterRequest(ClusterName.of(cluster), RequestTarget.parse(path)),
            new Caller(Identity.user(user), "test", "", ""));
    return stream;
  }

  @Override
  public void close() {
    hub.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Tells of each request's last event. */
  private final class Counting implements AuditSink {
    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      CompletionStage<Void> appended = audit.append(event);
      if (event.stage() == AuditEvent.Stage.RESPONSE_COMPLETE && !event.method().isEmpty()) {
        ended.release();
      }
      return appended;
    }

    @Override
    public void close() {
      audit.close();
    }
  }
}
