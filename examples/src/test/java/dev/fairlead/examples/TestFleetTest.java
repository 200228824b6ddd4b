package dev.fairlead.examples;

import static dev.fairlead.api.ClusterStatus.CONNECTED;
import static dev.fairlead.api.ClusterStatus.OFFLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.OfflineException;
import dev.fairlead.testkit.fleet.TestFleet;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How to test what your service does with a fleet: no sockets, no sleeps, no certificates. */
class TestFleetTest {

  @RegisterExtension static final TestFleet fleet = TestFleet.of("prod", "dev");

  private static final Identity ALICE = Identity.user("alice");

  private static String pods(String cluster, Identity user) {
    return fleet.get(cluster, "/api/v1/pods", user);
  }

  @Test
  void aliceSeesOnlyDev() {
    fleet.roles("alice may list pods on dev");
    assertThat(pods("dev", ALICE)).contains("cart-0");
    assertThatThrownBy(() -> pods("prod", ALICE))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContainingAll("cannot list", "pods", "cluster prod");
  }

  @Test
  void anAgentThatVanishesIsFoundOut() {
    fleet.roles("alice may list pods on dev,prod");
    fleet.agent("dev").vanish();
    fleet.clock().advance(Duration.ofSeconds(16));
    assertThat(fleet.hub().cluster("dev").status()).isEqualTo(OFFLINE);
    assertThatThrownBy(() -> pods("dev", ALICE)).isInstanceOf(OfflineException.class);
    assertThat(fleet.hub().cluster("prod").status()).isEqualTo(CONNECTED);
    assertThat(pods("prod", ALICE)).contains("cart-0");
  }

  @Test
  void anAgentThatComesBackServesAgain() {
    fleet.roles("alice may list pods on dev");
    fleet.agent("dev").vanish();
    fleet.clock().advance(Duration.ofSeconds(16));
    fleet.agent("dev").connect();
    assertThat(pods("dev", ALICE)).contains("cart-0");
  }

  @Test
  void theClusterIsAskedAsTheUser() {
    fleet.roles("group payments may get,create configmaps on dev in shop");
    Identity bob = Identity.user("bob").inGroups("payments");
    String made = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}";
    assertThat(fleet.send("POST", "dev", "/api/v1/namespaces/shop/configmaps", made, bob).status())
        .isEqualTo(201);
    assertThat(fleet.agent("dev").cluster().requests())
        .anySatisfy(
            request -> {
              assertThat(request.impersonatedUser()).isEqualTo("bob");
              assertThat(request.path()).endsWith("/configmaps");
            });
    assertThat(fleet.audit().events())
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.requestUri()).contains("configmaps"));
  }
}
