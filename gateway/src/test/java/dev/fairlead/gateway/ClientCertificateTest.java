package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Identity;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.authentication.ClientCertificates;
import dev.fairlead.core.http.Heads;
import dev.fairlead.gateway.ScriptedAgent.Taken;
import dev.fairlead.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who show a certificate at the front door. */
final class ClientCertificateTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/x/pods";

  private final TestAuthority authority = TestAuthority.create();
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture(ClientCertificates.issuedBy(List.of(authority.certificate())));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private TlsMaterial issue(TestAuthority by, String subject) {
    Instant now = Instant.now();
    return by.issue(
        subject, now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), authority);
  }

  private HttpClient client(TlsMaterial own) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("hub", fixture.hub.caCertificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.keyManagers().toArray(KeyManager[]::new), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + fixture.gateway.port() + PODS));
  }

  private Identity seenBy(HttpClient client, HttpRequest request) throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    Taken taken = fixture.agent.next();
    taken.stream().sendHead(Heads.create().status("204"), true);
    assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join().statusCode()).isEqualTo(204);
    return taken.head().identity();
  }

  private int status(HttpClient client, HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void certificateTellsNameAndGroupsOverBothVersionsOfHttp() throws Exception {
    HttpClient client = client(issue(authority, "jane,O=dev,O=ops"));
    for (HttpClient.Version version : HttpClient.Version.values()) {
      Identity found = seenBy(client, request().version(version).build());
      assertThat(found.username()).isEqualTo("jane");
      assertThat(found.groups()).containsExactlyInAnyOrder("dev", "ops");
    }
  }

  @Test
  void tokenIsTakenBesideACertificate() throws Exception {
    HttpClient client = client(issue(authority, "jane,O=dev"));
    HttpRequest request = request().header("authorization", "Bearer alice-token").build();
    assertThat(seenBy(client, request).username()).isEqualTo("alice");
  }

  @Test
  void badTokenDoesNotFallBackToTheCertificate() throws Exception {
    HttpClient client = client(issue(authority, "jane,O=dev"));
    for (String header : new String[] {"Bearer made-up", "Bearer ", "Basic amFuZTp4", "x"}) {
      assertThat(status(client, request().header("authorization", header).build()))
          .as(header)
          .isEqualTo(401);
    }
  }

  @Test
  void namesThatKubernetesKeepsForItselfAreRefused() throws Exception {
    for (String subject : new String[] {"jane,O=system:masters", "system:admin,O=dev"}) {
      assertThat(status(client(issue(authority, subject)), request().build())).isEqualTo(401);
    }
  }

  @Test
  void withoutACertificateOneNeedsAToken() throws Exception {
    HttpClient client = client(authority.trust());
    assertThat(status(client, request().build())).isEqualTo(401);
    HttpRequest request = request().header("authorization", "Bearer alice-token").build();
    assertThat(seenBy(client, request).username()).isEqualTo("alice");
  }

  @Test
  void certificateOfAnotherAuthorityPassesNoHandshakeAndTellsNothing() throws Exception {
    HttpClient client = client(issue(TestAuthority.create(), "jane,O=dev"));
    // Either the client keeps it to itself, as the hub did not ask for such, or the hub hangs up.
    try {
      assertThat(status(client, request().build())).isEqualTo(401);
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("timed out");
    }
  }

  @Test
  void expiredCertificatePassesNoHandshake() throws Exception {
    Instant now = Instant.now();
    HttpClient client =
        client(
            authority.issue(
                "jane,O=dev",
                now.minus(Duration.ofDays(2)),
                now.minus(Duration.ofDays(1)),
                authority));
    assertThatThrownBy(() -> status(client, request().build())).isInstanceOf(IOException.class);
  }
}
