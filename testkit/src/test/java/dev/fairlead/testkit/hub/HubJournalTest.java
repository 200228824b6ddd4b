package dev.fairlead.testkit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Outcome;
import dev.fairlead.api.audit.AuditEvent.Stage;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.audit.AuditException;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.testkit.ManualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done at the hub itself is on record. */
class HubJournalTest {

  private static final ClusterName DEV = ClusterName.of("dev");

  private final ManualTime time = ManualTime.create();
  private final MemoryAuditSink audit = new MemoryAuditSink(1_000);
  private final InMemoryTransport memory = InMemoryTransport.create();
  private final GroundsFeed directory = new GroundsFeed();
  private FairleadHub hub;

  @BeforeEach
  void start() {
    hub =
        FairleadHub.builder()
            .transport(memory.hub())
            .authorizer(
                request -> CompletableFuture.completedStage(new Decision.Denied("nobody may")))
            .audit(audit)
            .grounds(directory)
            .keepInMemory()
            .time(time)
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void installTokensAreOnRecordWithoutTheirSecrets() {
    IssuedInstallToken issued = hub.fleet().issueInstallToken(DEV);
    hub.fleet().revokeInstallToken(issued.info().id());
    List<AuditEvent> events = audit.events();
    assertThat(events)
        .extracting(AuditEvent::stage)
        .containsExactly(
            Stage.REQUEST_RECEIVED,
            Stage.RESPONSE_COMPLETE,
            Stage.REQUEST_RECEIVED,
            Stage.RESPONSE_COMPLETE);
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.info().apiGroup()).isEqualTo(AuditEvent.HUB_GROUP);
              assertThat(event.info().resource()).isEqualTo("installtokens");
              assertThat(event.method()).isEmpty();
            });
    assertThat(events.get(1).cluster()).isEqualTo(DEV);
    assertThat(events.get(1).annotations())
        .containsEntry("fairlead.dev/install-token", issued.info().id());
    assertThat(events.get(3).info().verb()).isEqualTo("delete");
    assertThat(events.get(3).info().name()).isEqualTo(issued.info().id());
    assertThat(events.toString()).doesNotContain(issued.token().reveal());
  }

  @Test
  void removedClusterIsOnRecordAndSoIsAFailure() {
    hub.fleet().issueInstallToken(DEV);
    audit.clear();
    hub.fleet().remove(DEV);
    assertThatThrownBy(() -> hub.fleet().remove(ClusterName.of("nowhere")))
        .isInstanceOf(NotFoundException.class);
    assertThat(audit.events())
        .extracting(AuditEvent::outcome)
        .containsExactly(Outcome.PENDING, Outcome.SUCCEEDED, Outcome.PENDING, Outcome.FAILED);
    assertThat(audit.events().get(3).responseCode()).isEqualTo(404);
    assertThat(audit.events().get(1).info().resource()).isEqualTo("clusters");
  }

  @Test
  void revokedAgentAndAddedClusterAreOnRecord() {
    enrol(hub.fleet().issueInstallToken(DEV).token());
    String agent = audit.events().get(audit.events().size() - 1).info().name();
    audit.clear();
    hub.fleet().revokeAgent(agent);
    assertThatThrownBy(() -> hub.fleet().revokeAgent("nobody"))
        .isInstanceOf(NotFoundException.class);
    hub.fleet().add(ClusterName.of("prod"), Map.of("env", "prod"));
    assertThat(audit.events())
        .filteredOn(event -> event.stage() == Stage.RESPONSE_COMPLETE)
        .extracting(
            event -> event.info().verb(), event -> event.info().name(), AuditEvent::responseCode)
        .containsExactly(
            tuple("delete", agent, 200),
            tuple("delete", "nobody", 404),
            tuple("create", "prod", 200));
    audit.close();
    assertThatThrownBy(() -> hub.fleet().revokeAgent(agent)).isInstanceOf(AuditException.class);
  }

  @Test
  void whatCannotBeRecordedIsNotDone() {
    hub.fleet().issueInstallToken(DEV);
    audit.close();
    assertThatThrownBy(() -> hub.fleet().issueInstallToken(ClusterName.of("prod")))
        .isInstanceOf(AuditException.class);
    assertThatThrownBy(() -> hub.fleet().remove(DEV)).isInstanceOf(AuditException.class);
    assertThat(hub.fleet().list()).hasSize(1);
    assertThat(hub.fleet().installTokens()).hasSize(1);
  }

  @Test
  void enrolmentIsOnRecordAndSoIsARefusal() {
    InstallToken token = hub.fleet().issueInstallToken(DEV).token();
    audit.clear();
    enrol(token);
    assertThatThrownBy(() -> enrol(token)).isInstanceOf(RuntimeException.class);
    List<AuditEvent> events = audit.events();
    assertThat(events).hasSize(2);
    AuditEvent enrolled = events.get(0);
    assertThat(enrolled.responseCode()).isEqualTo(201);
    assertThat(enrolled.info().resource()).isEqualTo("agents");
    assertThat(enrolled.info().name()).isNotEmpty();
    assertThat(enrolled.cluster()).isEqualTo(DEV);
    assertThat(enrolled.annotations())
        .containsEntry("fairlead.dev/install-token", token.id())
        .containsKeys("fairlead.dev/certificate", "fairlead.dev/expires");
    AuditEvent refused = events.get(1);
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.annotations())
        .containsEntry("fairlead.dev/install-token", token.id())
        .containsKey("fairlead.dev/reason");
    assertThat(events.toString()).doesNotContain(token.reveal());
  }

  @Test
  void certificateThatCannotBeRecordedIsNotHandedOut() {
    InstallToken token = hub.fleet().issueInstallToken(DEV).token();
    audit.close();
    assertThatThrownBy(() -> enrol(token)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void changedRulesAreOnRecord() {
    directory.rulesChanged("roles were loaded anew");
    assertThat(audit.events()).hasSize(1);
    AuditEvent event = audit.events().get(0);
    assertThat(event.info().resource()).isEqualTo("roles");
    assertThat(event.annotations()).containsEntry("fairlead.dev/reason", "roles were loaded anew");
  }

  private Enrolment enrol(InstallToken token) {
    AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
    AgentTransport transport = memory.agent();
    TlsMaterial pinned = new TlsMaterial(List.of(), List.of(hub.pin().trustManager(time)));
    try {
      return transport.enrol(pinned, token, keys.csr(keys.newKeyPair()));
    } finally {
      transport.close();
    }
  }
}
