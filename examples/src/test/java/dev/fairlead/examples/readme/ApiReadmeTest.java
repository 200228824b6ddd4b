package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Fleet;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ApiReadmeTest {

  /** Adds a cluster, for whose agent there is an hour to enrol. */
  static InstallToken onboard(Fleet fleet, String cluster) {
    return fleet
        .issueInstallToken(ClusterName.of(cluster), Map.of("tier", "edge"), Duration.ofHours(1))
        .token();
  }

  /** Lets everybody read and nobody change anything. */
  static CompletionStage<Decision> readOnly(AccessRequest request) {
    boolean reads = Set.of("get", "list", "watch").contains(request.info().verb());
    return CompletableFuture.completedStage(
        reads
            ? new Decision.Allowed("everybody", "reads")
            : new Decision.Denied(request.identity().username() + " may only read"));
  }

  @Test
  void onboardedClusterIsInTheFleet() {
    try (FairleadHub hub =
        FairleadHub.builder()
            .transport(InMemoryTransport.create().hub())
            .authorizer(ApiReadmeTest::readOnly)
            .audit(new MemoryAuditSink(1_000))
            .keepInMemory()
            .build()) {
      hub.start();
      assertThat(onboard(hub.fleet(), "prod").reveal()).startsWith("fli_");
      assertThat(hub.cluster("prod").labels()).containsEntry("tier", "edge");
    }
  }

  @Test
  void readOnlyDeniesWhatChanges() {
    assertThat(decision("list")).isInstanceOf(Decision.Allowed.class);
    assertThat(decision("delete")).isEqualTo(new Decision.Denied("alice may only read"));
  }

  private static Decision decision(String verb) {
    return readOnly(
            AccessRequest.of(
                Identity.user("alice"),
                ClusterName.of("dev"),
                RequestInfo.nonResource(verb, "/version"),
                Instant.EPOCH))
        .toCompletableFuture()
        .join();
  }
}
