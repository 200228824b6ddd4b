package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Identity;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Row 14 of the table in docs/security.md: a watch of the real API server ends when what it stands
 * on is gone, for the user as in the cluster, and says why.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class LostGroundsIT {

  private static final Duration DEADLINE = Duration.ofSeconds(90);

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
  private void watch(String cluster, String namespace, String token, String why, Runnable end)
      throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    String target =
        "/clusters/" + cluster + "/api/v1/namespaces/" + namespace + "/configmaps?watch=true";
    try (RawClient client = site.client();
        RawHttp2Client other = site.http2Client()) {
      List<String> fields = List.of("Authorization: Bearer " + token, "Connection: close");
      client.send(Wire.request("GET", target, "h", fields));
      other.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          Wire.block("GET", target, "h", List.of("authorization: Bearer " + token)));
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(other.outcome(1)).isEqualTo("200");
      end.run();
      assertThat(client.rest())
          .contains("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\"", why)
          .endsWith("}\n\r\n0\r\n\r\n");
      assertThat(other.response(1)).contains("\"type\":\"ERROR\"", why).endsWith("}\n");
    }
    // The API server records a watch's end.
    assertThat(trail.until("ResponseComplete\",\"requestURI\":\"/api/v1/namespaces/" + namespace))
        .isNotEmpty();
  }

  @Test
  void watchEndsWithItsToken() throws Exception {
    watch("real", "row-14-token", RefusalSite.BRIEF, "expired at", () -> {});
  }

  @Test
  void watchEndsWithItsApiKey() throws Exception {
    IssuedApiKey key =
        site.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("carol").inGroups("admins")));
    watch(
        "real",
        "row-14-key",
        key.token().reveal(),
        "the API key was revoked",
        () -> site.hub.apiKeys().revoke(key.info().id()));
  }

  @Test
  void watchEndsWithItsAgent() throws Exception {
    try (FairleadAgent agent =
        site.agent("spare", ApiServer.kubeconfig(site.plane.adminKubeconfig()))) {
      String id = site.hub.cluster("spare").agents().get(0).id();
      watch(
          "spare",
          "row-14-agent",
          User.ALICE.token(),
          "agent " + id + " was revoked",
          () -> site.hub.fleet().revokeAgent(id));
    }
  }

  @Test
  void kubectlShowsWhyItsWatchEnded() throws Exception {
    IssuedApiKey key =
        site.hub.apiKeys().issue(ApiKeyOrder.forUser(Identity.user("carol").inGroups("admins")));
    Path home = Places.directory("lost-grounds");
    Path kubeconfig =
        Places.write(
            home.resolve("kubeconfig"),
            Site.kubeconfig(
                "127.0.0.1:" + site.gateway.port(),
                "real",
                "carol",
                key.token().reveal(),
                Pem.of(site.hub.caCertificate()).getBytes(StandardCharsets.US_ASCII)));
    Kubectl kubectl = new Kubectl(Tools.newestKubectl(), kubeconfig, home, List.of());
    try (Running rows = kubectl.start("get", "namespaces", "--watch");
        Running objects = kubectl.start("get", "namespaces", "--watch", "--output=json")) {
      rows.awaitStdout(text -> text.contains("kube-system"), DEADLINE);
      objects.awaitStdout(text -> text.contains("\"kube-system\""), DEADLINE);
      // All that are there were told as events, and the watch now waits.
      site.plane.admin().run("create", "namespace", "row-14-kubectl").succeeded();
      rows.awaitStdout(text -> text.contains("row-14-kubectl"), DEADLINE);
      objects.awaitStdout(text -> text.contains("\"row-14-kubectl\""), DEADLINE);
      site.hub.apiKeys().revoke(key.info().id());
      Outcome shown = rows.awaitEnd(DEADLINE);
      assertThat(shown.stdout() + shown.stderr()).contains("the API key was revoked");
      assertThat(objects.awaitEnd(DEADLINE).stdout())
          .contains("\"message\": \"ended by the hub: the API key was revoked\"");
    }
  }
}
