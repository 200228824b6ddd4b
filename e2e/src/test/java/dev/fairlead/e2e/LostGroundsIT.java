package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Row 14 of the table in docs/security.md: a watch of the real API server ends when what it stands
 * on is gone, for the user as in the cluster, and does not look complete.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class LostGroundsIT {

  private RefusalSite site;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  /** Watches over both protocols, does what ends the grounds, and sees both watches end. */
  private void watch(String cluster, String namespace, String token, Runnable end)
      throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    String target =
        "/clusters/" + cluster + "/api/v1/namespaces/" + namespace + "/configmaps?watch=true";
    try (RawClient client = site.client();
        RawHttp2Client other = site.http2Client()) {
      client.send(Wire.get(target, token));
      other.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          Wire.block("GET", target, "h", List.of("authorization: Bearer " + token)));
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(other.outcome(1)).isEqualTo("200");
      end.run();
      assertThat(client.rest()).doesNotContain("0\r\n\r\n", "SocketTimeout");
      assertThat(other.response(1)).endsWith("reset");
    }
    // The API server records a watch's end.
    assertThat(trail.until("ResponseComplete\",\"requestURI\":\"/api/v1/namespaces/" + namespace))
        .isNotEmpty();
  }

  @Test
  void watchEndsWithItsToken() throws Exception {
    watch("real", "row-14-token", RefusalSite.BRIEF, () -> {});
  }

  @Test
  void watchEndsWithItsApiKey() throws Exception {
    IssuedApiKey key =
        site.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("carol").inGroups("admins")));
    watch(
        "real",
        "row-14-key",
        key.token().reveal(),
        () -> site.hub.apiKeys().revoke(key.info().id()));
  }

  @Test
  void watchEndsWithItsAgent() throws Exception {
    try (FairleadAgent agent =
        site.agent("spare", ApiServer.kubeconfig(site.plane.adminKubeconfig()))) {
      String id = site.hub.cluster("spare").agents().get(0).id();
      watch("spare", "row-14-agent", User.ALICE.token(), () -> site.hub.fleet().revokeAgent(id));
    }
  }
}
