package dev.fairlead.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.examples.program.Run;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

  private static final Pattern KUBECONFIG = Pattern.compile("--kubeconfig (\\S+) get pods -A");

  @TempDir Path directory;
  private Path temporary;

  @BeforeEach
  void makeTemporary() throws IOException {
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  private Run run(String... args) {
    return Run.of(Quickstart.in(temporary), args);
  }

  private Path kubeconfig(DemoCluster cluster) throws IOException {
    return Files.writeString(directory.resolve("own"), cluster.kubeconfig());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.toList();
    }
  }

  @Test
  void checkListsAndWatchesThroughTheWholePathAndLeavesNothing() throws Exception {
    Run run = run("--check");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output())
        .contains("cart-0", "ADDED    ConfigMap quickstart", "DELETED  ConfigMap quickstart")
        .containsPattern("first answer after [0-9.]+ s");
    assertThat(run.errors()).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void staysWithAPrivateKubeconfigUntilItIsStopped() throws Exception {
    try (Run run = run()) {
      run.await(() -> run.output().contains("Ctrl-C"));
      Matcher named = KUBECONFIG.matcher(run.output());
      assertThat(named.find()).isTrue();
      Path kubeconfig = Path.of(named.group(1));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kubeconfig)))
          .isEqualTo("rw-------");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(kubeconfig.getParent())))
          .isEqualTo("rwx------");
      assertThat(kubeconfig)
          .content()
          .containsPattern("server: https://127\\.0\\.0\\.1:\\d+/clusters/demo")
          .contains("certificate-authority-data: ", "token: ");
      assertThat(run.stop()).isZero();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void stoppedQuickstartFreesItsPorts() throws Exception {
    int users = freePort();
    int agents = freePort();
    Run run = run("--check", "--users-port", "" + users, "--agents-port", "" + agents);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output()).contains("127.0.0.1:" + users, "127.0.0.1:" + agents);
    try (ServerSocket first = new ServerSocket(users);
        ServerSocket second = new ServerSocket(agents)) {
      assertThat(List.of(first.getLocalPort(), second.getLocalPort()))
          .containsExactly(users, agents);
    }
  }

  @Test
  void ownClusterIsOnlyRead() throws Exception {
    try (DemoCluster own = DemoCluster.builder().build().start()) {
      Run run = run("--check", "--kubeconfig", kubeconfig(own).toString(), "--context", "demo");
      assertThat(run.exitCode()).as(run.errors()).isZero();
      assertThat(run.output()).contains("kube-system", "ADDED    Namespace");
      assertThat(own.requests()).allMatch(request -> request.method().equals("GET"));
      assertThat(own.requests()).anyMatch(request -> "demo".equals(request.impersonatedUser()));
    }
  }

  @Test
  void clusterThatRefusesTheUserIsExplained() throws Exception {
    try (DemoCluster own = DemoCluster.builder().access(request -> false).build().start()) {
      Run run = run("--check", "--kubeconfig", kubeconfig(own).toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output())
          .contains("user demo has no rights yet", "create clusterrolebinding fairlead-demo");
    }
  }

  @Test
  void unreachableClusterIsExplained() throws Exception {
    Path kubeconfig;
    try (DemoCluster gone = DemoCluster.builder().build().start()) {
      kubeconfig = kubeconfig(gone);
    }
    Run run = run("--check", "--kubeconfig", kubeconfig.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors())
        .contains("the cluster does not answer", "kubectl --kubeconfig " + kubeconfig);
    assertThat(left()).isEmpty();
  }

  @Test
  void portInUseIsExplained() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      for (String option : List.of("--users-port", "--agents-port")) {
        Run run = run("--check", option, "" + taken.getLocalPort());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
            .startsWith("quickstart: ")
            .contains("127.0.0.1:" + taken.getLocalPort())
            .containsPattern("choose another port");
      }
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void missingKubeconfigIsExplained() throws Exception {
    Run run = run("--kubeconfig", directory.resolve("nowhere").toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).contains("nowhere does not exist (expected: a kubeconfig");
    assertThat(left()).isEmpty();
  }

  @Test
  void wrongContextNamesTheRightOnes() throws Exception {
    try (DemoCluster own = DemoCluster.builder().build().start()) {
      Run run = run("--check", "--kubeconfig", kubeconfig(own).toString(), "--context", "prod");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.errors()).contains("no context prod", "[demo]");
    }
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnythingStarts() throws Exception {
    for (List<String> args :
        List.of(
            List.of("--no-such"),
            List.of("--context", "x"),
            List.of("--users-port", "70000"),
            List.of("--agents-port", "x"))) {
      Run run = run(args.toArray(String[]::new));
      assertThat(run.exitCode()).as("%s", args).isEqualTo(2);
      assertThat(run.errors()).contains(args.get(0), "Try 'quickstart --help'");
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void helpNamesEveryOption() {
    Run run = run("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("--kubeconfig", "--context", "--check", "--users-port", "--agents-port");
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }
}
