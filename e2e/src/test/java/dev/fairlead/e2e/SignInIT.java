package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * People sign in with the fairlead command at a real Keycloak, and a real kubectl gets their tokens
 * from it through the exec credential protocol.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class SignInIT {

  private static final int MANY = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(120);
  private static final Pattern COMPLETE = Pattern.compile("or open (\\S+)");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROLES = Site.ROLES.replace("[admins]", "[\"corp:admins\"]");

  private Keycloak keycloak;
  private Site site;

  @BeforeAll
  void start(ControlPlane plane) throws Exception {
    keycloak = Keycloak.start();
    site =
        Site.start(
            "sign-in",
            ROLES,
            Map.of("real", plane),
            "--oidc-issuer",
            keycloak.issuer(),
            "--oidc-audience",
            "fairlead",
            "--oidc-username-claim",
            "preferred_username",
            "--oidc-username-prefix",
            "corp:",
            "--oidc-groups-claim",
            "groups",
            "--oidc-groups-prefix",
            "corp:",
            "--oidc-client-id",
            "cli");
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

  private static Outcome loginByPassword(Person person, String user) {
    return person.loginByPassword(user, "password-of-" + user);
  }

  /** Makes the token that is kept look as if it had expired. */
  private static void expire(Person person) throws IOException {
    ObjectNode kept = (ObjectNode) JSON.readTree(Files.readString(person.session()));
    String past = Instant.now().minusSeconds(60).toString();
    kept.put("expiresAt", past).put("renewAt", past);
    Files.writeString(person.session(), kept.toString());
  }

  private void assertKubectlWorksAs(Person person, String user) {
    Outcome found = person.kubectl("auth", "whoami", "--output", "json").run(DEADLINE).succeeded();
    assertThat(found.stdout()).contains("\"username\": \"" + user + "\"");
  }

  @Test
  void deviceCodeLeadsToAKubectlThatWorks() throws Exception {
    Person alice = Person.in(site);
    Running login = alice.login("--method", "device").start();
    String said = login.awaitStderr(text -> COMPLETE.matcher(text).find(), DEADLINE);
    Matcher page = COMPLETE.matcher(said);
    assertThat(page.find()).isTrue();
    keycloak.agree(page.group(1), "alice");
    Outcome done = login.awaitEnd(DEADLINE).succeeded();
    assertThat(done.stderr()).contains("signed in at " + alice.hub() + " as corp:alice");
    assertThat(alice.fairlead("clusters").run(DEADLINE).succeeded().stdout())
        .containsPattern("real +connected +v1");
    alice.fairlead("kubeconfig").run(DEADLINE).succeeded();
    assertKubectlWorksAs(alice, "corp:alice");
  }

  @Test
  void kubeconfigMergesIntoOneThatKubectlMade() {
    Person alice = Person.in(site);
    loginByPassword(alice, "alice").succeeded();
    alice.kubectl("config", "set-cluster", "home", "--server=https://10.0.0.1:6443").run(DEADLINE);
    alice.kubectl("config", "set-credentials", "me", "--token=mine").run(DEADLINE);
    alice.kubectl("config", "set-context", "home", "--cluster=home", "--user=me").run(DEADLINE);
    alice.fairlead("kubeconfig", "--use", "real").run(DEADLINE).succeeded();
    assertThat(contexts(alice)).containsExactlyInAnyOrder("home", "real");
    assertKubectlWorksAs(alice, "corp:alice");
    alice
        .kubectl("config", "set-context", "--current", "--namespace=kube-system")
        .run(DEADLINE)
        .succeeded();
    assertThat(alice.fairlead("kubeconfig").run(DEADLINE).succeeded().stderr())
        .contains("up to date");
    assertThat(alice.kubectl("config", "view", "--minify", "--raw").run(DEADLINE).stdout())
        .contains("namespace: kube-system", "certificate-authority-data: LS0t");
    assertThat(alice.kubectl("config", "view", "--raw").run(DEADLINE).stdout())
        .contains("token: mine", "server: https://10.0.0.1:6443");
  }

  private static List<String> contexts(Person person) {
    return person
        .kubectl("config", "get-contexts", "--output", "name")
        .run(DEADLINE)
        .succeeded()
        .stdout()
        .lines()
        .toList();
  }

  @Test
  void twentyKubectlsAtOnceRenewOnce() throws Exception {
    Person alice = Person.in(site);
    loginByPassword(alice, "alice").succeeded();
    alice.fairlead("kubeconfig").run(DEADLINE).succeeded();
    int before = refreshes();
    expire(alice);
    List<Running> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(alice.kubectl("auth", "whoami", "--output", "json").start());
    }
    for (Running one : all) {
      assertThat(one.awaitEnd(DEADLINE).succeeded().stdout()).contains("corp:alice");
    }
    assertThat(refreshes() - before).isEqualTo(1);
  }

  private int refreshes() throws Exception {
    JsonNode events = keycloak.events("REFRESH_TOKEN");
    assertThat(keycloak.events("REFRESH_TOKEN_ERROR")).isEmpty();
    return events.size();
  }

  @Test
  void kubectlSaysWhatToDoWhenTheSignInHasEnded() {
    Person bob = Person.in(site);
    loginByPassword(bob, "bob").succeeded();
    Outcome kubeconfig = bob.fairlead("kubeconfig").run(DEADLINE).succeeded();
    assertThat(kubeconfig.stderr()).contains("no cluster you may use");
    bob.fairlead("logout").run(DEADLINE).succeeded();
    assertThat(bob.fairlead("whoami").run(DEADLINE).exitCode()).isEqualTo(3);

    Person alice = Person.in(site);
    loginByPassword(alice, "alice").succeeded();
    alice.fairlead("kubeconfig").run(DEADLINE).succeeded();
    assertKubectlWorksAs(alice, "corp:alice");
    alice.fairlead("logout").run(DEADLINE).succeeded();
    Outcome after = alice.kubectl("get", "pods").run(DEADLINE).failed();
    assertThat(after.stderr()).contains("fairlead login --hub " + alice.hub());
  }
}
