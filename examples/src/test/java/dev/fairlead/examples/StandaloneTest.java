package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.examples.program.Run;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneTest {

  private static final Pattern FIRST_ADMINISTRATOR =
      Pattern.compile("first administrator: (\\S+), password: (\\S+) ");

  @TempDir Path directory;

  private HubRuns runs() {
    return new HubRuns(directory);
  }

  private Path file(String name) {
    return runs().file(name);
  }

  private Run hub(String... more) {
    return runs().hub(more);
  }

  private Properties ready(Run hub) throws IOException {
    return runs().ready(hub);
  }

  private Run agent(Properties hub, Path kubeconfig) {
    return Run.of(
        StandaloneAgent.create(),
        "FAIRLEAD_AGENT",
        Map.of(
            "FAIRLEAD_AGENT_HUB_CA",
            hub.getProperty("pin"),
            "FAIRLEAD_AGENT_DENY",
            "exec,portforward"),
        "--hub",
        hub.getProperty("agents"),
        "--install-token",
        file("dev.token").toString(),
        "--data",
        file("agent").toString(),
        "--kubeconfig",
        kubeconfig.toString(),
        "--ready-file",
        file("agent.ready").toString(),
        "--drain",
        "0");
  }

  private static FrontDoorUser user(Properties hub, String token) throws Exception {
    return HubRuns.user(hub, token);
  }

  @Test
  void usersReachAClusterThroughBothPrograms() throws Exception {
    try (DemoCluster cluster = DemoCluster.builder().build().start();
        Run hub = hub("--install-token", "dev=" + file("dev.token"))) {
      Properties ready = ready(hub);
      Path kubeconfig = Samples.write(file("kubeconfig"), cluster.kubeconfig());
      try (Run agent = agent(ready, kubeconfig)) {
        agent.await(() -> Files.exists(file("agent.ready")));
        String pods = "/clusters/dev/api/v1/namespaces/shop/pods";
        assertThat(user(ready, Samples.ALICES_TOKEN).get(pods).body()).contains("cart-0");
        assertThat(user(ready, Samples.BOBS_TOKEN).get(pods).statusCode()).isEqualTo(403);
        assertThat(user(ready, "wrong").get(pods).statusCode()).isEqualTo(401);
        assertThat(user(ready, Samples.ALICES_TOKEN).post(pods + "/cart-0/exec", "{}").statusCode())
            .as("denied by the agent's environment")
            .isEqualTo(403);
        assertThat(agent.stop()).isZero();
      }
      assertThat(file("agent.ready")).doesNotExist();
      Files.delete(file("dev.token"));
      try (Run again = agent(ready, kubeconfig)) {
        again.await(() -> Files.exists(file("agent.ready")));
        assertThat(again.stop()).as("has its certificate, needs no token").isZero();
      }
      assertThat(hub.stop()).isZero();
    }
    assertThat(file("hub.ready")).doesNotExist();
    assertThat(file("hub/audit.log"))
        .content()
        .contains("\"alice\"")
        .doesNotContain(Samples.ALICES_TOKEN);
  }

  @Test
  void usersReachAClusterThatTheHubReachesByAKubeconfig() throws Exception {
    try (DemoCluster cluster = DemoCluster.builder().build().start()) {
      Path kubeconfig = Samples.write(file("kubeconfig"), cluster.kubeconfig());
      try (Run hub = hub("--kubeconfig-cluster", "dev=" + kubeconfig)) {
        FrontDoorUser alice = user(ready(hub), Samples.ALICES_TOKEN);
        hub.await(() -> status(alice, "/clusters/dev/api/v1/namespaces/shop/pods") == 200);
        assertThat(hub.stop()).isZero();
      }
      assertThat(file("hub/audit.log")).content().doesNotContain("PRIVATE KEY");
    }
    Run wrong = hub("--kubeconfig-cluster", "dev=" + file("nowhere"));
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.errors()).contains("nowhere");
  }

  private static int status(FrontDoorUser user, String path) {
    try {
      return user.get(path).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void hubKeepsItsAuthorityAndItsFilesPrivate() throws Exception {
    String pin;
    try (Run hub = hub("--install-token", "dev=" + file("dev.token"))) {
      pin = ready(hub).getProperty("pin");
      assertThat(mode(file("hub"))).isEqualTo("rwx------");
      assertThat(mode(file("dev.token"))).isEqualTo("rw-------");
      assertThat(mode(file("hub/audit.log"))).isEqualTo("rw-------");
    }
    try (Run hub = hub("--host-suffix", "hub.example.com")) {
      assertThat(ready(hub)).containsEntry("pin", pin);
    }
  }

  @Test
  void firstAdministratorOfItsAccountsIsShownOnce() throws Exception {
    String login;
    try (Run hub = hub("--local-accounts", "https://localhost")) {
      FrontDoorUser anyone = user(ready(hub), "none");
      Matcher shown = FIRST_ADMINISTRATOR.matcher(hub.output());
      assertThat(shown.find()).as(hub.output()).isTrue();
      login = "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(shown.group(1), shown.group(2));
      assertThat(anyone.post("/auth/login", login).statusCode()).isEqualTo(200);
    }
    try (Run again = hub("--local-accounts", "https://localhost")) {
      FrontDoorUser anyone = user(ready(again), "none");
      assertThat(again.output()).doesNotContain("administrator");
      assertThat(anyone.post("/auth/login", login).statusCode()).isEqualTo(200);
    }
    try (Run without = hub()) {
      assertThat(user(ready(without), "none").post("/auth/login", login).statusCode())
          .isEqualTo(404);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void tokenFileThatExistsIsNotOverwritten() throws Exception {
    Samples.write(file("dev.token"), "precious");
    Run hub = hub("--install-token", "dev=" + file("dev.token"));
    assertThat(hub.exitCode()).isEqualTo(1);
    assertThat(hub.errors()).contains("dev.token exists already");
    assertThat(file("dev.token")).hasContent("precious");
  }

  @Test
  void portInUseIsExplained() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      for (String option : List.of("--listen", "--agents")) {
        Run hub = hub(option, "127.0.0.1:" + taken.getLocalPort());
        assertThat(hub.exitCode()).isEqualTo(1);
        assertThat(hub.errors()).contains("127.0.0.1:" + taken.getLocalPort(), "another port");
      }
    }
  }

  @Test
  void missingFilesAreNamed() {
    Run roles = hub("--roles", file("nowhere.yaml").toString());
    assertThat(roles.exitCode()).isEqualTo(1);
    assertThat(roles.errors()).contains("nowhere.yaml");
    Run tokens = hub("--tokens", file("nowhere.csv").toString());
    assertThat(tokens.exitCode()).isEqualTo(1);
    assertThat(tokens.errors()).contains("nowhere.csv");
    Run tls = hub("--tls-cert", file("no.crt").toString(), "--tls-key", file("no.key").toString());
    assertThat(tls.exitCode()).isEqualTo(1);
    assertThat(tls.errors()).contains("no.crt");
  }

  @Test
  void wrongOptionsOfTheHubAreRefused() {
    for (List<String> wrong :
        List.of(
            List.of("--tls-cert", "x"),
            List.of("--drain", "-1"),
            List.of("--listen", "8443"),
            List.of("--install-token", "Dev=x"),
            List.of("--kubeconfig-cluster", "dev"),
            List.of("--nonsense", "x"))) {
      Run hub = hub(wrong.toArray(String[]::new));
      assertThat(hub.exitCode()).as("%s", wrong).isEqualTo(2);
      assertThat(hub.errors()).contains(wrong.get(0), "Try 'fairlead-hub --help'");
    }
  }

  @Test
  void wrongOptionsOfTheAgentAreRefused() {
    for (List<String> wrong :
        List.of(
            List.of("--hub", "h:1", "--hub-ca", "p", "--data", "d", "--deny", "what ever"),
            List.of("--hub", "h:0", "--hub-ca", "p", "--data", "d"),
            List.of("--hub", "h:1", "--hub-ca", "p", "--data", "d", "--context", "c"),
            List.of("--data", "d"))) {
      Run agent = Run.of(StandaloneAgent.create(), wrong.toArray(String[]::new));
      assertThat(agent.exitCode()).as("%s: %s", wrong, agent.errors()).isEqualTo(2);
      assertThat(agent.errors()).contains("Try 'fairlead-agent --help'");
    }
  }

  @Test
  void everyMistakeOfTheAgentIsToldAtOnce() {
    Run agent =
        Run.of(
            StandaloneAgent.create(),
            "--hub=h:0",
            "--hub-ca=p",
            "--data=" + file("agent"),
            "--context=c",
            "--drain=-1",
            "--deny=what ever",
            "--deny=exec/",
            "--allow-only=" + file("nowhere.yaml"),
            "--proxy-auth=" + file("nowhere.auth"),
            "--load-balancer-ca=" + file("nowhere.ca"),
            "--install-token=" + file("nowhere.token"),
            "--nonsense=x");
    assertThat(agent.exitCode()).isEqualTo(2);
    for (String key :
        List.of(
            "--hub:",
            "--hub-ca:",
            "--context:",
            "--drain:",
            "--deny 'what ever':",
            "--deny 'exec/':",
            "--allow-only:",
            "--proxy-auth:",
            "--load-balancer-ca:",
            "--install-token:")) {
      assertThat(agent.errors().lines())
          .as("%s in\n%s", key, agent.errors())
          .anySatisfy(line -> assertThat(line).contains(key).contains("expected"));
    }
    assertThat(agent.errors()).contains("--nonsense");
    assertThat(file("agent")).doesNotExist();
  }

  @Test
  void agentPrintsTheRightsItNeedsForTheGroupsItActsFor() {
    List<String> options =
        List.of(
            "--hub=h:1",
            "--hub-ca=sha256:" + "0".repeat(64),
            "--data=" + file("agent"),
            "--print-cluster-role=fairlead-agent");
    Run any = Run.of(StandaloneAgent.create(), options.toArray(String[]::new));
    assertThat(any.exitCode()).isEqualTo(2);
    assertThat(any.errors()).contains("--print-cluster-role: ", "system:masters", "onlyGroups");
    List<String> narrow = new ArrayList<>(options);
    narrow.addAll(List.of("--only-groups=dev,ops", "--only-extra=scopes"));
    Run agent = Run.of(StandaloneAgent.create(), narrow.toArray(String[]::new));
    assertThat(agent.exitCode()).as(agent.errors()).isZero();
    assertThat(agent.output())
        .contains(
            "resourceNames: [\"dev\", \"ops\", \"system:authenticated\"]", "userextras/scopes")
        .doesNotContain("system:masters", "\"*\"");
    assertThat(file("agent")).doesNotExist();
  }

  @Test
  void agentThatCannotStartSaysWhy() throws Exception {
    try (Run hub = hub()) {
      Properties ready = ready(hub);
      Path kubeconfig = Samples.write(file("kubeconfig"), "");
      Run agent = agent(ready, kubeconfig);
      assertThat(agent.exitCode()).isEqualTo(1);
      assertThat(agent.errors()).contains("--install-token: ", "dev.token");
    }
  }

  @Test
  void helpNamesTheEnvironment() {
    Run hub = Run.of(StandaloneHub.create(), "--help");
    assertThat(hub.exitCode()).isZero();
    assertThat(hub.output()).contains("FAIRLEAD_HUB_TLS_CERT");
    Run agent = Run.of(StandaloneAgent.create(), "--help");
    assertThat(agent.exitCode()).isZero();
    assertThat(agent.output()).contains("FAIRLEAD_AGENT_HUB_CA");
  }
}
