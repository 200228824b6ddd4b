package dev.fairlead.e2e.faults;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubSettings;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.testkit.ManualTime;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A hub on one transport, agents that a test scripts, and users without a connection. */
@Timeout(120)
abstract class FaultFixture {

  static final String DEV = "dev";
  static final String PODS = "/api/v1/namespaces/x/pods";
  static final String WATCH = PODS + "?watch=true";

  /** More than the threads that a question and its answer pass one after the other. */
  private static final int ROUNDS = 6;

  final ManualTime time = ManualTime.create();
  final EventLoopGroup agentLoops = new NioEventLoopGroup(2);
  private final ThreadPoolExecutor meanwhile = DaemonThreads.one("fault-meanwhile");
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  final MemoryMetrics metrics = new MemoryMetrics();
  private HubTransport transport;
  private int seed;
  FairleadHub hub;

  /** Decides; everybody may do everything unless set. */
  volatile Function<AccessRequest, Decision> decides =
      request -> new Decision.Allowed("all", "all");

  /** The hub's end. */
  abstract HubTransport hubEnd();

  /** A new agent's end, to the hub that listens there. */
  abstract AgentTransport agentEnd(String address);

  /** How many sockets the hub's end listens on. */
  abstract int listeningSockets();

  @BeforeEach
  void startHub() {
    startHub(settings -> settings);
  }

  private void startHub(UnaryOperator<HubSettings> change) {
    transport = hubEnd();
    hub =
        FairleadHub.builder()
            .transport(transport)
            .authorizer(request -> CompletableFuture.completedStage(decides.apply(request)))
            .audit(new Unrecorded())
            .keepInMemory()
            .settings(
                change.apply(
                    HubSettings.defaults()
                        .withExchanges(new ExchangeLimits(10_000, 10_000))
                        .withDrain(DrainTimes.of(Duration.ZERO))))
            .metrics(metrics)
            .time(time)
            .build();
    hub.start();
  }

  /** Another hub, in place of the one that was there. */
  void replaceHub(UnaryOperator<HubSettings> change) {
    hub.close();
    startHub(change);
  }

  /** Calls something that blocks for as long as time stands still. */
  CompletableFuture<Void> meanwhile(Runnable blocking) {
    return CompletableFuture.runAsync(blocking, meanwhile);
  }

  @AfterEach
  void stopAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    hub.close();
    meanwhile.shutdown();
    agentLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Closes it at the end of the test, before all that was opened before it. */
  <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  String address() {
    return transport.address();
  }

  static int portOf(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  InstallToken token(String cluster) {
    return hub.fleet().issueInstallToken(ClusterName.of(cluster)).token();
  }

  /** A new agent of a cluster, without a tunnel. */
  ScriptedAgent agent(String cluster) {
    return keep(
        ScriptedAgent.enrol(agentEnd(address()), token(cluster), hub.pin(), agentLoops, time));
  }

  /** The tunnel of a new agent, which the fleet shows. */
  ScriptedAgent.Tunnel tunnel(String cluster) {
    int before = agents(cluster);
    ScriptedAgent.Tunnel tunnel = agent(cluster).connect();
    Patience.await("agent of " + cluster + " joined", () -> agents(cluster) == before + 1);
    return tunnel;
  }

  int agents(String cluster) {
    return hub.fleet().list().stream()
        .filter(one -> one.name().value().equals(cluster))
        .mapToInt(one -> one.agents().size())
        .sum();
  }

  /** An agent of production, whose tunnel the fleet shows. */
  FairleadAgent realAgent(AgentTransport dialled, String cluster, ApiServer server)
      throws InterruptedException {
    return realAgent(dialled, cluster, server, DrainTimes.of(Duration.ZERO));
  }

  FairleadAgent realAgent(
      AgentTransport dialled, String cluster, ApiServer server, DrainTimes drain)
      throws InterruptedException {
    int before = agents(cluster);
    FairleadAgent agent = started(dialled, cluster, server, drain);
    Patience.await("agent of " + cluster + " joined", () -> agents(cluster) == before + 1);
    awaitStatus(cluster, ClusterStatus.CONNECTED);
    return agent;
  }

  /** An agent of production that has a tunnel. */
  FairleadAgent started(AgentTransport dialled, String cluster, ApiServer server, DrainTimes drain)
      throws InterruptedException {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(dialled)
            .pinning(hub.pin())
            .enrolWith(token(cluster))
            .keepInMemory()
            .cluster(server)
            .drainFor(drain)
            .time(time)
            .random(new Random(seed++))
            .eventLoops(agentLoops)
            .build();
    keep(agent).start();
    agent.awaitConnected(Duration.ofSeconds(30));
    return agent;
  }

  void awaitStatus(String cluster, ClusterStatus expected) {
    Patience.await(cluster + " is " + expected, () -> hub.cluster(cluster).status() == expected);
  }

  /**
   * The same where an agent may have to look again at its API server: when a test makes seconds of
   * moments, what was asked then may be late.
   */
  void awaitStatusAsTimePasses(String cluster, ClusterStatus expected) {
    Patience.await(
        cluster + " is " + expected,
        () -> {
          time.advance(Duration.ofMillis(20));
          return hub.cluster(cluster).status() == expected;
        });
  }

  UserStream get(String path) {
    return ask("alice", DEV, "GET", path, true);
  }

  UserStream ask(String user, String cluster, String method, String path, boolean end) {
    return ask(user, cluster, head(method, path), end, true);
  }

  /** A user who asks, and then reads nothing. */
  UserStream stalled(String path) {
    return ask("alice", DEV, head("GET", path), true, false);
  }

  static Http2Headers head(String method, String path) {
    return Heads.create().method(method).path(path).scheme("https").authority("hub");
  }

  UserStream ask(String user, String cluster, Http2Headers head, boolean end, boolean reads) {
    UserStream stream = new UserStream(hub.eventLoops().next(), reads);
    ClusterRequest where =
        new ClusterRequest(
            ClusterName.of(cluster), RequestTarget.parse(String.valueOf(head.path())));
    Caller caller = new Caller(Identity.user(user), "test", "", "");
    // As doors do: on the loop of the user's own connection.
    stream.executor().execute(() -> hub.exchanges().serve(stream, head, end, where, caller));
    return stream;
  }

  private static final class Unrecorded implements AuditSink {
    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      // Nothing is kept.
    }
  }

  /** Lets hub and agents do what is due now. */
  void settle() {
    for (int round = 0; round < ROUNDS; round++) {
      for (EventExecutor loop : hub.eventLoops()) {
        loop.submit(() -> {}).syncUninterruptibly();
      }
      for (EventExecutor loop : agentLoops) {
        loop.submit(() -> {}).syncUninterruptibly();
      }
    }
  }

  /** Moves time on by seconds; after each, does what proves that the living are alive. */
  void advance(int seconds, Runnable proof) {
    for (int second = 0; second < seconds; second++) {
      settle();
      time.advance(Duration.ofSeconds(1));
      settle();
      proof.run();
    }
  }
}
