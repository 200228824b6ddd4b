package dev.fairlead.testkit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FleetEvent;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.Time;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.pki.AgentCredentials;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.testkit.ManualTime;
import io.netty.channel.DefaultEventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub from its start to its end, with agents that enrolled. */
final class FairleadHubTest {

  private static final ClusterName DEV = ClusterName.of("dev");

  @TempDir private Path directory;
  private final ManualTime time = ManualTime.create();
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private InMemoryTransport memory = InMemoryTransport.create();
  private FairleadHub hub = hub().keepInMemory().build();

  @AfterEach
  void stop() {
    hub.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private HubBuilder hub() {
    return FairleadHub.builder()
        .transport(memory.hub())
        .authorizer(request -> CompletableFuture.completedStage(new Decision.Denied("nobody may")))
        .audit(new MemoryAuditSink(1_000))
        .time(time)
        .drainFor(Duration.ofMillis(100));
  }

  /** What an enrolled agent has. */
  private record Enrolled(AgentTransport transport, AgentCredentials credentials) {
    TlsMaterial tls(Time time) {
      return new TlsMaterial(
          List.of(credentials.keyManagers()), List.of(credentials.trustManagers(time)));
    }
  }

  private Enrolled enrol(InstallToken token) {
    AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
    KeyPair pair = keys.newKeyPair();
    AgentTransport transport = memory.agent();
    TlsMaterial pinned = new TlsMaterial(List.of(), List.of(hub.pin().trustManager(time)));
    Enrolment enrolment = transport.enrol(pinned, token, keys.csr(pair));
    return new Enrolled(
        transport,
        AgentCredentials.of(
            pair.getPrivate(),
            enrolment.chain().get(0),
            enrolment.chain().get(enrolment.chain().size() - 1)));
  }

  private Ended dial(Enrolled agent) {
    Ended ended = new Ended();
    AgentTunnel.open(
        agent.transport().dial(agent.tls(time)), loop, LinkSettings.TUNNEL, time, ended);
    return ended;
  }

  private void await(ClusterStatus status) throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").status() != status) {
        assertThat(watch.next(Duration.ofSeconds(10))).as("an event before " + status).isPresent();
      }
    }
  }

  @Test
  void everyMistakeOfABuilderIsTold() {
    assertThatThrownBy(() -> FairleadHub.builder().build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("transport", "authorizer", "audit", "keepIn");
  }

  @Test
  void anEnrolledAgentConnectsItsClusterAndNoOther() throws Exception {
    hub.start();
    hub.fleet().issueInstallToken(ClusterName.of("prod"));
    InstallToken token = hub.fleet().issueInstallToken(DEV).token();
    Enrolled agent = enrol(token);
    dial(agent);

    await(ClusterStatus.CONNECTED);
    assertThat(hub.cluster("dev").agents()).hasSize(1);
    assertThat(hub.cluster("prod").status()).isEqualTo(ClusterStatus.OFFLINE);
    assertThatThrownBy(() -> enrol(token)).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void aRemovedClusterLosesItsTunnelAndItsAgentsForEver() throws Exception {
    hub.start();
    Enrolled agent = enrol(hub.fleet().issueInstallToken(DEV).token());
    Ended first = dial(agent);
    await(ClusterStatus.CONNECTED);
    hub.fleet().remove(DEV);

    first.within();
    assertThatThrownBy(() -> hub.cluster("dev")).isInstanceOf(NotFoundException.class);
    hub.fleet().issueInstallToken(DEV);
    assertThat(dial(agent).within()).isInstanceOf(UnauthenticatedException.class);
    assertThat(hub.cluster("dev").status()).isEqualTo(ClusterStatus.OFFLINE);
  }

  @Test
  void aRevokedAgentLosesItsTunnelForEverAndOthersGoOn() throws Exception {
    Path kept = directory.resolve("hub");
    hub.close();
    memory = InMemoryTransport.create();
    hub = hub().keepIn(kept).build();
    hub.start();
    Enrolled revoked = enrol(hub.fleet().issueInstallToken(DEV).token());
    Ended first = dial(revoked);
    await(ClusterStatus.CONNECTED);
    String id = hub.cluster("dev").agents().get(0).id();
    Ended other = dial(enrol(hub.fleet().issueInstallToken(DEV).token()));
    awaitAgents(2);
    hub.fleet().revokeAgent(id);

    first.within();
    awaitAgents(1);
    assertThat(other.closed).isNotDone();
    assertThat(hub.cluster("dev").agents()).noneMatch(agent -> agent.id().equals(id));
    refusesForEver(revoked);
    assertThatThrownBy(() -> hub.fleet().revokeAgent("nobody"))
        .isInstanceOf(NotFoundException.class);

    hub.close();
    hub = hub().keepIn(kept).build();
    hub.start();
    refusesForEver(new Enrolled(memory.agent(), revoked.credentials()));
  }

  private void refusesForEver(Enrolled agent) {
    assertThat(dial(agent).within()).isInstanceOf(UnauthenticatedException.class);
    AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
    byte[] csr = keys.csr(keys.newKeyPair());
    assertThatThrownBy(() -> agent.transport().renew(agent.tls(time), csr))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("revoked");
  }

  private void awaitAgents(int count) throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.cluster("dev").agents().size() != count) {
        assertThat(watch.next(Duration.ofSeconds(20))).as("an event before that").isPresent();
      }
    }
  }

  @Test
  void aTunnelEndsWithItsCertificate() throws Exception {
    hub.start();
    Ended tunnel = dial(enrol(hub.fleet().issueInstallToken(DEV).token()));
    await(ClusterStatus.CONNECTED);
    for (int hour = 0; hour < 25 && !tunnel.closed.isDone(); hour++) {
      time.advance(Duration.ofHours(1));
    }

    tunnel.within();
    await(ClusterStatus.OFFLINE);
  }

  @Test
  void aWatchTellsTheNewestStateOfEachCluster() throws Exception {
    hub.start();
    hub.fleet().issueInstallToken(DEV);
    try (FleetWatch watch = hub.fleet().watch()) {
      assertThat(watch.next(Duration.ofSeconds(10)))
          .contains(new FleetEvent(FleetEvent.Kind.UPDATED, DEV, ClusterStatus.OFFLINE));
      hub.fleet().issueInstallToken(DEV);
      hub.fleet().remove(DEV);
      assertThat(watch.next(Duration.ofSeconds(10)))
          .contains(new FleetEvent(FleetEvent.Kind.REMOVED, DEV, ClusterStatus.OFFLINE));
      assertThat(watch.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void aHubComesBackWithItsAuthorityAndItsFleet() throws Exception {
    Path kept = directory.resolve("hub");
    hub.close();
    memory = InMemoryTransport.create();
    hub = hub().keepIn(kept).build();
    hub.start();
    Enrolled agent = enrol(hub.fleet().issueInstallToken(DEV).token());
    Object pin = hub.pin();
    hub.close();

    hub = hub().keepIn(kept).build();
    hub.start();
    assertThat(hub.pin()).isEqualTo(pin);
    dial(new Enrolled(memory.agent(), agent.credentials()));
    await(ClusterStatus.CONNECTED);
  }

  @Test
  void anAuthorityThatIsDamagedIsNotMadeAnew() throws Exception {
    Path kept = directory.resolve("hub");
    hub.close();
    memory = InMemoryTransport.create();
    hub = hub().keepIn(kept).build();
    hub.start();
    hub.close();
    Path certificate = kept.resolve("ca").resolve("ca.crt");
    Files.delete(certificate);

    hub = hub().keepIn(kept).build();
    assertThatThrownBy(hub::start).hasMessageContaining("ca.crt");
    assertThat(certificate).doesNotExist();
  }

  @Test
  void closeMayComeFirstAndTwice() {
    hub.close();
    hub.close();
    assertThatThrownBy(hub::start).isInstanceOf(IllegalStateException.class);
  }

  /** Waits for a tunnel's end. */
  private static final class Ended implements AgentTunnel.Listener {

    final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

    @Nullable Throwable within() {
      return closed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void onOpen() {
      // The fleet is looked at.
    }

    @Override
    public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
      throw new AssertionError("nobody may");
    }

    @Override
    public void onDraining() {
      // Its end is waited for.
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(cause);
    }
  }
}
