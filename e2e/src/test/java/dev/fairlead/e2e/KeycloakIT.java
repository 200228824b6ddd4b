package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.auth.oidc.Claim;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.auth.oidc.OidcIssuer;
import dev.fairlead.auth.oidc.TokenIntrospection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real kubectl with tokens of a real Keycloak, through the hub, at a real API server. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class KeycloakIT {

  private static final String ROLES = Site.ROLES.replace("[admins]", "[\"corp:admins\"]");

  private Keycloak keycloak;
  private OneJvm site;
  private Path directory;
  private volatile Duration clockError = Duration.ZERO;

  @BeforeAll
  void start(ControlPlane plane) throws Exception {
    directory = Places.directory("oidc");
    keycloak = Keycloak.start();
    OidcAuthenticator users =
        OidcAuthenticator.builder()
            .issuer(
                OidcIssuer.of(keycloak.issuer())
                    .audience("fairlead")
                    .authorizedParty("cli")
                    .username(Claim.of("preferred_username").prefixedBy("corp:"))
                    .groups(Claim.of("groups").prefixedBy("corp:"))
                    .uid(Claim.of("sub")))
            .time(() -> Instant.now().plus(clockError))
            .build();
    site = OneJvm.start(plane, users, ROLES);
  }

  @AfterAll
  void stop() {
    if (site != null) {
      site.close();
    }
    if (keycloak != null) {
      keycloak.close();
    }
  }

  @BeforeEach
  void setTheClockRight() {
    clockError = Duration.ZERO;
  }

  private Kubectl kubectl(String token) {
    Path file = directory.resolve("kubeconfig-" + System.nanoTime());
    return new Kubectl(
        Tools.newestKubectl(), Places.write(file, site.kubeconfig(token)), directory, List.of());
  }

  private void assertSignedIn(String token, String user) {
    Outcome found = kubectl(token).run("auth", "whoami", "--output", "json").succeeded();
    assertThat(found.stdout()).contains("\"username\": \"corp:" + user + "\"");
  }

  private void assertRefused(String token) {
    Outcome found = kubectl(token).run("auth", "whoami").failed();
    assertThat(found.stderr()).contains("Unauthorized");
  }

  @Test
  void clusterSeesTheMappedNameAndGroups() throws Exception {
    Outcome found =
        kubectl(keycloak.token("alice")).run("auth", "whoami", "--output", "json").succeeded();
    assertThat(found.stdout())
        .contains("\"username\": \"corp:alice\"")
        .containsPattern("\"uid\": \"[0-9a-f-]{36}\"")
        .contains("\"corp:admins\"", "\"corp:dev\"")
        .doesNotContain("\"admins\"");
  }

  @Test
  void tokenOfTheDeviceFlowIsTaken() throws Exception {
    assertSignedIn(keycloak.tokenByDevice("alice"), "alice");
  }

  @Test
  void groupsDecideWhatTheHubAllows() throws Exception {
    Outcome found =
        kubectl(keycloak.token("bob"))
            .run("get", "--raw", "/clusters/real/api/v1/namespaces/default/configmaps")
            .failed();
    assertThat(found.stderr()).contains("corp:bob").contains("on cluster real");
  }

  @Test
  void tokenForAnotherAudienceIsRefused() throws Exception {
    assertRefused(keycloak.password("alice").get("id_token").asText());
  }

  @Test
  void refreshTokenIsNoTokenToSignInWith() throws Exception {
    assertRefused(keycloak.password("alice").get("refresh_token").asText());
  }

  @Test
  void changedTokenIsRefused() throws Exception {
    String token = keycloak.token("alice");
    int dot = token.lastIndexOf('.') + 20;
    char other = token.charAt(dot) == 'A' ? 'B' : 'A';
    assertRefused(token.substring(0, dot) + other + token.substring(dot + 1));
  }

  @Test
  void newKeyIsTakenWhileRunningAndTheOldOneNoLongerOnceKeysAreFetchedAgain() throws Exception {
    String before = keycloak.token("alice");
    assertSignedIn(keycloak.token("alice"), "alice");
    keycloak.rotateKeys();
    assertSignedIn(keycloak.token("alice"), "alice");
    assertRefused(before);
  }

  @Test
  void issuerThatIsDownDoesNotLockOutWhoHasAToken() throws Exception {
    String one = keycloak.token("alice");
    String other = keycloak.token("alice");
    assertSignedIn(one, "alice");
    keycloak.stop();
    try {
      // Past the time for which keys are fresh, and within the skew of the token.
      clockError = Duration.ofSeconds(310);
      assertSignedIn(other, "alice");
    } finally {
      clockError = Duration.ZERO;
      keycloak.startAgain();
    }
    assertSignedIn(keycloak.token("alice"), "alice");
  }

  @Test
  void disabledUserGetsNoTokenAndTheLastOneEnds() throws Exception {
    String last = keycloak.token("alice");
    keycloak.enable("alice", false);
    try {
      assertThat(keycloak.password("alice").path("error").asText()).isEqualTo("invalid_grant");
      clockError = Duration.ofMinutes(5).plusSeconds(31);
      assertRefused(last);
    } finally {
      keycloak.enable("alice", true);
    }
  }

  /** Whoever is asked about each token notices at once. */
  @Test
  void disabledUserIsNoticedByIntrospection() throws Exception {
    try (TokenIntrospection asking =
        TokenIntrospection.of(
                OidcIssuer.of(keycloak.issuer())
                    .audience("fairlead")
                    .username(Claim.of("preferred_username")))
            .client("hub", "secret-of-the-hub")
            .build()) {
      BearerToken token = BearerToken.of(keycloak.token("bob"));
      assertThat(asking.authenticate(token).toCompletableFuture().join())
          .isInstanceOfSatisfying(
              Authentication.Authenticated.class,
              found -> assertThat(found.identity().username()).isEqualTo("bob"));
      keycloak.enable("bob", false);
      try {
        assertThat(asking.authenticate(token).toCompletableFuture().join())
            .isInstanceOf(Authentication.Rejected.class);
      } finally {
        keycloak.enable("bob", true);
      }
    }
  }

  @Test
  void clockOfTheHubMayBeSomeSecondsOff() throws Exception {
    clockError = Duration.ofSeconds(-20);
    assertSignedIn(keycloak.token("alice"), "alice");
    clockError = Duration.ofSeconds(320);
    assertSignedIn(keycloak.token("alice"), "alice");
    clockError = Duration.ofSeconds(-60);
    assertRefused(keycloak.token("alice"));
    clockError = Duration.ofSeconds(340);
    assertRefused(keycloak.token("alice"));
  }
}
