package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.client.fabric8.Fabric8;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.testkit.fleet.TestFleet;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that works with clusters itself: with fabric8's client, as one of its users. */
class InProcessClientTest {

  @RegisterExtension static final TestFleet fleet = TestFleet.of("prod", "dev");

  private static final Identity ALICE = Identity.user("alice");

  private static List<Pod> pods(FairleadHub hub, String cluster, Identity user) {
    try (KubernetesClient client = Fabric8.client(hub.cluster(cluster), user)) {
      return client.pods().inAnyNamespace().list().getItems();
    }
  }

  @Test
  void aliceSeesOnlyDev() {
    fleet.roles("alice may list pods on dev");
    assertThat(pods(fleet.hub(), "dev", ALICE)).isNotEmpty();
    assertThatThrownBy(() -> pods(fleet.hub(), "prod", ALICE))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContainingAll("cannot list", "pods", "cluster prod");
    assertThat(fleet.audit().events())
        .allSatisfy(event -> assertThat(event.user()).isEqualTo(ALICE));
  }

  @Test
  void whatFabric8CanBeToldItIsToldAsUsual() {
    fleet.roles("alice may list pods on dev");
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Fabric8.config(fleet.hub().cluster("dev")))
                    .withNamespace("shop")
                    .withRequestTimeout(5_000)
                    .build())
            .withHttpClientFactory(Fabric8.http(fleet.hub().cluster("dev"), ALICE))
            .build()) {
      assertThat(client.pods().list().getItems()).isNotEmpty();
    }
  }
}
