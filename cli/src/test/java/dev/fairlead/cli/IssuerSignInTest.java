package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at an OpenID Connect issuer. */
class IssuerSignInTest {

  private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");

  private final FakeHub hub = new FakeHub();
  private final FakeIssuer issuer = new FakeIssuer(hub);
  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private Desk desk;

  @BeforeEach
  void sitDown(@TempDir Path home) {
    desk = new Desk(home);
  }

  @AfterEach
  void close() {
    issuer.close();
    hub.close();
  }

  private Desk.Done login(String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("login", "--hub", hub.server.url()));
    line.addAll(List.of("--ca", hub.server.writeCa(desk.home).toString()));
    line.addAll(Arrays.asList(more));
    return desk.run(line.toArray(String[]::new));
  }

  private HttpResponse<String> visit(URI page) {
    try {
      return client.send(
          HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(20)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void deviceCodeSignsInOnceItWasUsed() throws Exception {
    issuer.deviceErrors.addAll(List.of("authorization_pending", "slow_down", "503"));
    Desk.Done done = login("--method", "device");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.err())
        .contains(issuer.server.url() + "/activate", "WDJB-MJHT", "signed in at")
        .doesNotContain("secret");
    // 2 s, 2 s, 7 s after slow_down, 14 s after the issuer was out of order.
    assertThat(issuer.polls).hasValue(4);
    assertThat(Duration.between(BEGIN, desk.time.instant())).isEqualTo(Duration.ofSeconds(25));
  }

  @ParameterizedTest
  @CsvSource({
    "access_denied, denied in the browser",
    "expired_token, not used in time",
    "invalid_client, invalid_client"
  })
  void deviceCodeThatIsNotUsedIsASentence(String error, String sentence) throws Exception {
    issuer.deviceErrors.add(error);
    Desk.Done done = login("--method", "device");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains(sentence);
    assertThat(desk.session(hub)).doesNotExist();
  }

  @Test
  void deviceCodeIsWaitedForNoLongerThanItHolds() throws Exception {
    for (int i = 0; i < 100; i++) {
      issuer.deviceErrors.add("authorization_pending");
    }
    Desk.Done done = login("--method", "device");
    assertThat(done.err()).contains("not used in time");
    assertThat(issuer.polls.get()).isLessThanOrEqualTo(30);
  }

  @Test
  void waitingIsShownOnATerminalAlone() throws Exception {
    issuer.deviceErrors.add("authorization_pending");
    assertThat(login("--method", "device").err()).doesNotContain("waiting");
    desk.terminal = true;
    issuer.deviceErrors.add("authorization_pending");
    assertThat(login("--method", "device").err()).contains("waiting for you", "1:00 left");
  }

  @Test
  void browserSignsInWithPkce() throws Exception {
    List<String> pages = new ArrayList<>();
    desk.browser =
        page -> {
          pages.add(visit(page).body());
          return true;
        };
    Desk.Done done = login("--method", "browser");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(pages).singleElement().asString().contains("close this page");
    assertThat(issuer.authorization)
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "openid offline_access");
    assertThat(issuer.authorization.get("redirect_uri")).startsWith("http://127.0.0.1:");
    assertThat(done.err()).doesNotContain("code-secret", "refresh-secret");
  }

  @Test
  void answersToAnotherSignInAreNotTaken() throws Exception {
    List<Integer> seen = new ArrayList<>();
    desk.browser =
        page -> {
          String redirect = parameter(page, "redirect_uri");
          seen.add(visit(URI.create(redirect + "?code=evil&state=guessed")).statusCode());
          seen.add(visit(URI.create(redirect + "?code=evil")).statusCode());
          seen.add(visit(URI.create(redirect).resolve("/other")).statusCode());
          seen.add(visit(page).statusCode());
          return true;
        };
    Desk.Done done = login("--method", "browser");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(seen).containsExactly(400, 400, 404, 200);
  }

  private static String parameter(URI page, String name) {
    return new FakeServer.Call("GET", page.toString(), "", "").query().get(name);
  }

  @Test
  void answerOfAnotherIssuerIsRefused() throws Exception {
    issuer.issInRedirect = "https://evil.example.com";
    desk.browser = page -> visit(page).statusCode() == 200;
    Desk.Done done = login("--method", "browser");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("another issuer");
  }

  @Test
  void refusalInTheBrowserIsASentence() throws Exception {
    desk.browser =
        page -> {
          String redirect = parameter(page, "redirect_uri");
          String state = parameter(page, "state");
          visit(URI.create(redirect + "?error=access_denied&state=" + state));
          return true;
        };
    Desk.Done done = login("--method", "browser");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("access_denied");
  }

  @Test
  void passwordIsForIssuersThatTakeIt() throws Exception {
    desk.typed = FakeHub.PASSWORD;
    Desk.Done done = login("--issuer", issuer.server.url(), "--user", "alice");
    assertThat(done.code()).as(done.err()).isZero();
    desk.typed = "wrong";
    assertThat(login("--issuer", issuer.server.url(), "--user", "alice").err())
        .contains("invalid_grant");
  }

  @Test
  void idTokenIsRenewedBeforeItsOwnEndAndRevokedAtLogout() throws Exception {
    login("--method", "device");
    assertThat(desk.credential(hub).out()).contains("\"token\":\"" + hub.taken + "\"");
    desk.time.advance(Duration.ofSeconds(600));
    String before = hub.taken;
    assertThat(desk.credential(hub).out()).contains(hub.taken).doesNotContain(before);
    assertThat(desk.run("logout").code()).isZero();
    assertThat(issuer.revoked).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "issuer, https://other.example.com, another issuer",
    "token_endpoint, http://token.example.com/, cannot be used",
    "token_endpoint, https://user:word@token.example.com/, cannot be used",
    "device_authorization_endpoint, file:///etc/passwd, cannot be used"
  })
  void metadataThatLeadsElsewhereIsRefused(String key, String value, String sentence)
      throws Exception {
    issuer.metadata.put(key, value);
    Desk.Done done = login("--method", "device");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains(sentence);
    assertThat(issuer.polls).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://issuer.example.com", "ftp://127.0.0.1", "https://"})
  void issuerThatIsNotSecureIsRefused(String name) throws Exception {
    Desk.Done done = login("--issuer", name, "--client-id", "x", "--method", "device");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("cannot be used (expected: an https URL");
  }

  @Test
  void wayThatTheIssuerDoesNotOfferIsASentence() throws Exception {
    issuer.metadata.remove("device_authorization_endpoint");
    assertThat(login("--method", "device").err()).contains("offers no sign-in by device code");
  }

  @Test
  void issuerHasToBeOneOfTheHubs() throws Exception {
    assertThat(login("--issuer", "https://other.example.com").err())
        .contains("not one of the hub's", issuer.server.url());
  }

  @Test
  void withoutABrowserItIsTheDeviceCode() throws Exception {
    assertThat(login().err()).contains("WDJB-MJHT");
  }
}
