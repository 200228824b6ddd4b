package dev.fairlead.testkit.fleet;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A hub with an agent and a small cluster for each name, for unit tests: no sockets, no sleeps, no
 * certificates, and time that stands until the test moves it. Register it as a JUnit extension;
 * each test gets a new fleet, in which nobody may do anything until {@link #roles} says so.
 *
 * <pre>{@code
 * @RegisterExtension static final TestFleet fleet = TestFleet.of("prod", "dev");
 *
 * @Test
 * void aliceSeesOnlyDev() {
 *   fleet.roles("alice may list pods on dev");
 *   fleet.get("dev", "/api/v1/pods", Identity.user("alice"));
 * }
 * }</pre>
 *
 * <p>The engine is the one of production, over the in-memory transport. What runs on it is for one
 * thread, that of the test; a fleet is not for tests that run at the same time.
 */
public final class TestFleet implements BeforeEachCallback, AfterEachCallback {

  private static final int AUDIT_EVENTS = 10_000;

  private final List<ClusterName> names;
  private @Nullable Running running;

  private TestFleet(List<ClusterName> names) {
    this.names = names;
  }

  /**
   * A fleet of clusters.
   *
   * @param clusters their names; at least 1
   * @return a fleet that starts with each test
   * @throws dev.fairlead.api.InvalidException if a name is no cluster's name
   * @throws IllegalArgumentException if there is none, or one twice
   */
  public static TestFleet of(String... clusters) {
    List<ClusterName> names = new ArrayList<>();
    for (String cluster : clusters) {
      names.add(ClusterName.of(cluster));
    }
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "clusters: " + names + " (expected: 1 or more, no two alike)");
    }
    return new TestFleet(List.copyOf(names));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    start();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  /**
   * Starts hub and agents, for tests without JUnit's extensions.
   *
   * @return this
   * @throws IllegalStateException if it runs
   */
  public TestFleet start() {
    if (running != null) {
      throw new IllegalStateException("the fleet runs (expected: closed, or not started yet)");
    }
    running = new Running(names);
    return this;
  }

  /** Stops everything; does nothing if it does not run. */
  public void close() {
    Running present = running;
    running = null;
    if (present != null) {
      present.close();
    }
  }

  private Running running() {
    Running present = running;
    if (present == null) {
      throw new IllegalStateException(
          "the fleet does not run (expected: @RegisterExtension, or start())");
    }
    return present;
  }

  /**
   * Says who may do what, from now on; what was said before no longer counts.
   *
   * @param sentences such as {@code alice may get,list pods on dev}, {@code alice may list pods on
   *     dev,prod in shop} or {@code group ops may * * on *}: verbs, resources, clusters and
   *     namespaces are separated by commas
   * @throws IllegalArgumentException if a sentence is of another form
   */
  public void roles(String... sentences) {
    running().rules = RoleSentences.parse(List.of(sentences));
  }

  /**
   * The agent of a cluster.
   *
   * @param cluster one of the names this fleet was made of
   * @return the agent
   * @throws IllegalArgumentException if the fleet has no such cluster
   */
  public TestAgent agent(String cluster) {
    TestAgent agent = running().agents.get(cluster);
    if (agent == null) {
      throw new IllegalArgumentException(
          "cluster: " + cluster + " (expected: one of " + names + ")");
    }
    return agent;
  }

  /**
   * The hub.
   *
   * @return a hub that runs until the end of the test
   */
  public FairleadHub hub() {
    return running().hub;
  }

  /**
   * What the hub recorded.
   *
   * @return the latest audit events, kept in memory
   */
  public MemoryAuditSink audit() {
    return running().audit;
  }

  /**
   * The time of hub and agents.
   *
   * @return a clock that lets them do what is due as it moves
   */
  public FleetClock clock() {
    return running().clock;
  }

  /**
   * Reads something of a cluster, in the hub's process: the same checks and the same audit as at
   * the front door.
   *
   * @param cluster the cluster
   * @param path path and query as of its API server, such as {@code /api/v1/pods?limit=1}
   * @param user who asks
   * @return the body of the answer
   * @throws dev.fairlead.api.ForbiddenException if the user may not
   * @throws dev.fairlead.api.NotFoundException if there is no such cluster or object
   * @throws dev.fairlead.api.OfflineException if the cluster has no agent at present
   * @throws dev.fairlead.api.FairleadException for any other refusal, after its kind
   */
  public String get(String cluster, String path, Identity user) {
    return send("GET", cluster, path, "", user).successfulBody();
  }

  /**
   * Sends a request through the hub, in its process.
   *
   * @param method the HTTP method
   * @param cluster the cluster
   * @param path path and query as of its API server
   * @param json the body; empty for none
   * @param user who asks
   * @return the answer, whatever its status
   */
  public TestAnswer send(String method, String cluster, String path, String json, Identity user) {
    return Call.send(running().hub, method, ClusterName.of(cluster), path, json, user);
  }

  /** What exists while a test runs. */
  private static final class Running {
    private final ManualTime time = ManualTime.create();
    private final ThreadPoolExecutor pipes = DaemonThreads.one("fairlead-test-fleet");
    private final InMemoryTransport transport = InMemoryTransport.on(pipes);
    private final MemoryAuditSink audit = new MemoryAuditSink(AUDIT_EVENTS);
    private final Map<String, TestAgent> agents = new LinkedHashMap<>();
    private final FairleadHub hub;
    private final FleetClock clock;
    private volatile Authorizer rules = RoleSentences.parse(List.of());

    Running(List<ClusterName> names) {
      hub =
          FairleadHub.builder()
              .transport(transport.hub())
              .authorizer(this::decide)
              .audit(audit)
              .keepInMemory()
              .drainFor(Duration.ZERO)
              .time(time)
              .build();
      hub.start();
      for (ClusterName name : names) {
        hub.fleet().issueInstallToken(name);
        agents.put(name.value(), new TestAgent(name, transport, time, hub.eventLoops().next()));
      }
      clock = new FleetClock(time, pipes, hub.eventLoops());
      agents.values().forEach(TestAgent::connect);
      audit.clear();
    }

    private CompletionStage<Decision> decide(AccessRequest request) {
      return rules.authorize(request);
    }

    void close() {
      agents.values().forEach(TestAgent::close);
      hub.close();
      pipes.shutdown();
    }
  }
}
