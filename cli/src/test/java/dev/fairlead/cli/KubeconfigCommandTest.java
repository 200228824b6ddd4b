package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of somebody's kubeconfig. */
class KubeconfigCommandTest {

  private static final String THEIRS =
      """
      # mine
      apiVersion: v1
      kind: Config
      clusters:
      - name: home
        cluster: {server: "https://10.0.0.1:6443"}
      users: []
      contexts: []
      current-context: ''
      """;

  private final FakeHub hub = new FakeHub();
  private Desk desk;
  private Path kubeconfig;

  @BeforeEach
  void signIn(@TempDir Path home) throws Exception {
    desk = new Desk(home);
    kubeconfig = home.resolve(".kube/config");
    assertThat(desk.login(hub).code()).isZero();
    // Addresses by host have the hub's own host in it.
    hub.clusters =
        List.of(
            Map.of("name", "dev", "status", "CONNECTED", "host", "dev.hub.example.com"),
            Map.of("name", "prod-eu", "status", "OFFLINE", "host", "prod-eu.hub.example.com"));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private String written() throws Exception {
    return Files.readString(kubeconfig);
  }

  @Test
  void allClustersBecomeContexts() throws Exception {
    Desk.Done done = desk.run("kubeconfig");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).isEqualTo("dev\nprod-eu\n");
    assertThat(done.err()).contains("2 clusters", "kubectl --context dev get pods");
    assertThat(written())
        .contains(
            "server: " + hub.server.url() + "/clusters/dev",
            "certificate-authority-data: LS0tLS1CRUdJTi",
            "command: fairlead",
            "- " + hub.server.url(),
            "current-context: dev")
        .doesNotContain("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kubeconfig)))
        .isEqualTo("rw-------");
  }

  @Test
  void theirsIsKeptAndBackedUp() throws Exception {
    Files.createDirectories(kubeconfig.getParent());
    Files.writeString(kubeconfig, THEIRS);
    assertThat(desk.run("kubeconfig").err()).contains("config.before-fairlead");
    assertThat(written()).contains("# mine", "cluster: {server: \"https://10.0.0.1:6443\"}");
    assertThat(kubeconfig.resolveSibling("config.before-fairlead")).hasContent(THEIRS);
    assertThat(kubeconfig.resolveSibling("config.lock")).doesNotExist();
    String once = written();
    assertThat(desk.run("kubeconfig").err()).contains("up to date");
    assertThat(written()).isEqualTo(once);
    assertThat(kubeconfig.resolveSibling("config.before-fairlead")).hasContent(THEIRS);
  }

  @Test
  void symbolicLinkStaysOne() throws Exception {
    Path real = Files.writeString(desk.home.resolve("elsewhere"), THEIRS);
    Files.createDirectories(kubeconfig.getParent());
    Files.createSymbolicLink(kubeconfig, real);
    desk.run("kubeconfig");
    assertThat(kubeconfig).isSymbolicLink();
    assertThat(Files.readString(real)).contains("name: prod-eu");
  }

  @Test
  void fileIsTheOneKubectlUses() throws Exception {
    Path first = desk.home.resolve("first");
    desk.environment.put("KUBECONFIG", first + ":" + desk.home.resolve("second"));
    desk.run("kubeconfig");
    assertThat(first).exists();
    Path named = desk.home.resolve("named");
    desk.run("kubeconfig", "--file", named.toString());
    assertThat(named).exists();
    assertThat(kubeconfig).doesNotExist();
  }

  @Test
  void whatIsNoKubeconfigIsNotTouched() throws Exception {
    Files.createDirectories(kubeconfig.getParent());
    Files.writeString(kubeconfig, "clusters: {secret: [");
    Desk.Done done = desk.run("kubeconfig");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("not YAML", "nothing was changed").doesNotContain("secret");
    assertThat(kubeconfig).hasContent("clusters: {secret: [");
  }

  @Test
  void kubectlsLockIsWaitedFor() throws Exception {
    Files.createDirectories(kubeconfig.getParent());
    Files.createFile(kubeconfig.resolveSibling("config.lock"));
    Desk.Done done = desk.run("kubeconfig");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("config.lock", "remove it");
    assertThat(kubeconfig).doesNotExist();
  }

  @Test
  void contextIsChosen() throws Exception {
    desk.run("kubeconfig", "--use", "prod-eu");
    assertThat(written()).contains("current-context: prod-eu");
    assertThat(desk.run("kubeconfig", "--use", "none").err()).contains("fairlead clusters");
  }

  @Test
  void addressesAreByHostIfAsked() throws Exception {
    desk.run("kubeconfig", "--address", "host");
    String port = hub.server.url().substring(hub.server.url().lastIndexOf(':'));
    assertThat(written()).contains("server: https://dev.hub.example.com" + port);
    hub.clusters = List.of(Map.of("name", "dev"));
    assertThat(desk.run("kubeconfig", "--address", "host").err()).contains("--address path");
  }

  @Test
  void tokenGoesToTheFileAlone() throws Exception {
    Desk.Done done = desk.run("kubeconfig", "--auth", "token");
    assertThat(written()).contains("token: " + hub.taken).doesNotContain("exec");
    assertThat(done.out() + done.err())
        .contains("secret, and works until")
        .doesNotContain(hub.taken);
    Desk.Done printed = desk.run("kubeconfig", "--auth", "token", "--print");
    assertThat(printed.code()).isEqualTo(2);
    assertThat(printed.out()).isEmpty();
  }

  @Test
  void printingChangesNoFile() {
    Desk.Done done = desk.run("kubeconfig", "--print");
    assertThat(done.out()).startsWith("apiVersion: v1\nkind: Config\n");
    assertThat(kubeconfig).doesNotExist();
  }

  @Test
  void programIsNamedAsKubectlFindsIt() throws Exception {
    desk.environment.put("FAIRLEAD_LAUNCHER", "/opt/fairlead/bin/fairlead");
    desk.run("kubeconfig");
    assertThat(written()).contains("command: \"/opt/fairlead/bin/fairlead\"");
    Path bin = Files.createDirectories(desk.home.resolve("bin"));
    Files.createFile(
        bin.resolve("fairlead"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    desk.environment.put("PATH", "/nowhere:" + bin);
    desk.run("kubeconfig");
    assertThat(written()).contains("command: fairlead\n");
    desk.run("kubeconfig", "--command", "/usr/local/bin/f");
    assertThat(written()).contains("command: \"/usr/local/bin/f\"");
  }

  @Test
  void withoutClustersTheNextStepIsTold() throws Exception {
    desk.run("kubeconfig");
    hub.clusters = List.of();
    assertThat(desk.run("kubeconfig").err()).contains("ask whoever runs the hub");
    assertThat(written()).doesNotContain("/clusters/dev");
  }
}
