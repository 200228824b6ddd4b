package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A program upon some client library runs directly at the API server and through the hub: what it
 * tells is the same.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
abstract class ClientComparison {

  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final String HUB = "-hub";

  private ControlPlane plane;
  private Site site;
  private EchoServer echo;
  private Compatibility page;

  /** The client's name and version, as the page on compatibility shows it. */
  abstract String client();

  /** The commands of the program, in order. */
  abstract List<String> commands();

  /** The program with one of its commands. */
  abstract Command command(String command, Path kubeconfig, String namespace);

  /** Starts what all commands need. */
  final void start(ControlPlane cluster) {
    plane = cluster;
    String name = namespace();
    site = Site.start(name, Site.ROLES, Map.of("real", plane));
    echo = EchoServer.on(plane.forwardedPort());
    page = Compatibility.section(client().replaceAll(" \\S+$", ""));
    for (String namespace : List.of(name, name + HUB)) {
      Kubectl admin = plane.admin();
      admin.run("create", "namespace", namespace).succeeded();
      Awaitility.await("service account of " + namespace)
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> admin.run("get", "serviceaccount", "default", "-n", namespace).exitCode() == 0);
    }
  }

  @AfterAll
  void stop() {
    echo.close();
    site.close();
    page.check();
  }

  private String namespace() {
    return client().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]", "");
  }

  @TestFactory
  Stream<DynamicTest> tellsTheSameThroughTheHub() {
    return commands().stream()
        .map(command -> DynamicTest.dynamicTest(command, () -> compare(command)));
  }

  private void compare(String command) {
    String version = client().replaceAll(".* ", "");
    page.fails(command, version);
    Outcome direct = run(command, directly(), namespace());
    Outcome hub = run(command, site.kubeconfig(User.ALICE, "real"), namespace() + HUB);
    assertThat(hub.stdout().replace(HUB, "")).isEqualTo(direct.stdout());
    page.same(command, version);
  }

  private Outcome run(String command, Path kubeconfig, String namespace) {
    return command(command, kubeconfig, namespace).run(DEADLINE).succeeded();
  }

  /** Whether the client makes all of a kubeconfig's {@code as}, {@code as-uid} and groups. */
  boolean impersonates() {
    return false;
  }

  /** The administrator's kubeconfig; acting as Alice, if the client knows how to. */
  private Path directly() {
    if (!impersonates()) {
      return plane.adminKubeconfig();
    }
    return plane.kubeconfigAs(User.ALICE, site.directory().resolve("direct.kubeconfig"));
  }
}
