package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people's programs ask a hub, over the front door. */
class PeoplePagesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private GatewayFixture fixture;
  private Gateway gateway;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    fixture = new GatewayFixture();
    gateway =
        Gateway.builder(fixture.hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .hosts("hub.test")
            .signIn(
                SignInOffer.none()
                    .withLocalAccounts()
                    .with(IssuerOffer.of("https://issuer.example.com", "cli")))
            .drainFor(Duration.ofSeconds(1))
            .build();
    gateway.start();
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {fixture.hub.pin().trustManager()}, null);
    client = HttpClient.newBuilder().sslContext(tls).build();
  }

  @AfterEach
  void close() {
    gateway.close();
    fixture.close();
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(20));
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path, String token) throws Exception {
    HttpResponse<String> answer = get(path, token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void waysToSignInAreToldToAnybody() throws Exception {
    JsonNode signIn = json("/.well-known/fairlead", "").get("signIn");
    assertThat(signIn)
        .isEqualTo(
            JSON.readTree(
                """
                {"local": true, "issuers": [{"issuer": "https://issuer.example.com",
                 "clientId": "cli", "scopes": ["openid"], "token": "access_token"}]}
                """));
  }

  @Test
  void accountsAreToldOfWhereTheirPagesAreServed() throws Exception {
    gateway.close();
    RestPages accounts =
        new RestPages() {
          @Override
          public List<String> prefixes() {
            return List.of("/auth");
          }

          @Override
          public RestAnswer answer(RestCall call) {
            return RestAnswer.nothing();
          }
        };
    gateway =
        Gateway.builder(fixture.hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .serve(accounts)
            .signIn(SignInOffer.none())
            .build();
    gateway.start();
    assertThat(json("/.well-known/fairlead", "").get("signIn").get("local").asBoolean()).isTrue();
    assertThat(json("/auth/whoami", "alice-token").get("username").asText()).isEqualTo("alice");
    assertThat(get("/auth/login", "").statusCode()).isEqualTo(204);
  }

  @Test
  void callerIsToldWhoTheyAre() throws Exception {
    assertThat(json("/auth/whoami", "alice-token"))
        .isEqualTo(
            JSON.readTree(
                "{\"username\":\"alice\",\"uid\":\"u1\",\"groups\":[\"dev\"],\"extra\":{}}"));
  }

  @Test
  void clustersAreThoseOfTheCallersRoles() throws Exception {
    JsonNode clusters = json("/clusters", "alice-token").get("clusters");
    List<String> names = new ArrayList<>();
    clusters.forEach(one -> names.add(one.get("name").asText()));
    assertThat(names).containsExactly("dev", "gone");
    assertThat(clusters.get(0))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "dev", "status": "connected", "path": "/clusters/dev",
                 "host": "dev.hub.test"}
                """));
    assertThat(clusters.get(1).get("status").asText()).isEqualTo("offline");
    assertThat(json("/clusters", "bob-token").get("clusters")).isEmpty();
  }

  @Test
  void nobodyElseIsToldAnything() throws Exception {
    for (String path : List.of("/auth/whoami", "/clusters")) {
      for (String token : List.of("", "wrong", "root-token")) {
        HttpResponse<String> answer = get(path, token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("content-type"))
            .contains("application/problem+json");
        assertThat(answer.body()).doesNotContain("dev");
      }
    }
  }

  @Test
  void onlyReadingIsOffered() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("https://127.0.0.1:" + gateway.port() + "/auth/whoami"))
                .DELETE()
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(get("/.well-known/fairlead/x", "").statusCode()).isEqualTo(404);
  }

  @Test
  void pathsOfClustersStayTheirs() throws Exception {
    assertThat(get("/clusters/dev/api", "").body()).contains("\"kind\":\"Status\"");
  }

  @Test
  void offerThatIsWrongSaysAllThatIs() {
    assertThatThrownBy(() -> new IssuerOffer("nowhere", " ", List.of(), IssuerOffer.Token.ID_TOKEN))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("issuer: ", "client id: ", "scopes: ");
  }
}
