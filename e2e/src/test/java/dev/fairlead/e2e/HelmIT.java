package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a release of Helm's own starter chart, directly and through the hub. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class HelmIT {

  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final String DIRECT = "lane-d-helm";
  private static final String HUB = "lane-h-helm";

  /** The starter's own test is a pod that ends; pods of the test cluster end only for jobs. */
  private static final String TEST =
      """
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: "{{ .Release.Name }}-test"
        annotations: {"helm.sh/hook": test}
      spec:
        template:
          spec:
            restartPolicy: Never
            containers: [{name: test, image: example.com/test:1}]
      """;

  private final Path helm = Tools.helm();
  private final Compatibility page = Compatibility.section("Helm");
  private ControlPlane plane;
  private Site site;
  private Path chart;
  private String version;

  @BeforeAll
  void start(ControlPlane shared) throws IOException {
    plane = shared;
    site = Site.start("helm", Site.ROLES, Map.of("real", plane));
    chart = site.directory().resolve("starter");
    helm(plane.adminKubeconfig(), "create", chart.toString()).succeeded();
    Path tests = chart.resolve("templates/tests");
    Files.delete(tests.resolve("test-connection.yaml"));
    Files.writeString(tests.resolve("test.yaml"), TEST);
    version =
        helm(plane.adminKubeconfig(), "version", "--template", "{{.Version}}")
            .succeeded()
            .stdout()
            .replaceAll("^v(\\d+\\.\\d+).*", "$1");
  }

  @AfterAll
  void stop() {
    site.close();
    page.check();
  }

  @TestFactory
  Stream<DynamicTest> tellsTheSameThroughTheHub() {
    String starter = chart.toString();
    return Stream.of(
            List.of("install", "one", starter, "--create-namespace", "--wait"),
            List.of("list"),
            List.of("get", "manifest", "one"),
            List.of("upgrade", "one", starter, "--set=replicaCount=2", "--wait"),
            List.of("history", "one"),
            List.of("rollback", "one", "1", "--wait"),
            List.of("test", "one"),
            List.of("status", "one"),
            List.of("upgrade", "--install", "two", starter, "--atomic", "--wait"),
            List.of("uninstall", "one", "--wait"),
            List.of("uninstall", "two", "--wait"))
        .map(
            arguments -> {
              String title = String.join(" ", arguments).replace(starter, "CHART");
              return DynamicTest.dynamicTest(title, () -> compare(title, arguments));
            });
  }

  @TestFactory
  Stream<DynamicTest> failsTheSameThroughTheHub() {
    return Stream.of(List.of("status", "nobody"), List.of("rollback", "nobody", "7"))
        .map(
            arguments ->
                DynamicTest.dynamicTest(
                    String.join(" ", arguments),
                    () -> {
                      String title = String.join(" ", arguments);
                      page.fails(title, version);
                      Outcome direct = direct(arguments).failed();
                      Outcome hub = hub(arguments).failed();
                      assertThat(masked(hub.stderr())).isEqualTo(masked(direct.stderr()));
                      page.sameError(title, version);
                    }));
  }

  private void compare(String title, List<String> arguments) {
    page.fails(title, version);
    Outcome direct = direct(arguments).succeeded();
    Outcome hub = hub(arguments).succeeded();
    assertThat(masked(hub.stdout())).isEqualTo(masked(direct.stdout()));
    assertThat(masked(hub.stderr())).isEqualTo(masked(direct.stderr()));
    page.same(title, version);
  }

  private Outcome direct(List<String> arguments) {
    return helm(plane.adminKubeconfig(), "--namespace=" + DIRECT, arguments);
  }

  private Outcome hub(List<String> arguments) {
    return helm(site.kubeconfig(User.ALICE, "real"), "--namespace=" + HUB, arguments);
  }

  /**
   * Besides what kubectl's output is masked by: times as Helm writes them, without the zeros at
   * their end, and the padding of the column that depends on their length.
   */
  private static String masked(String text) {
    return Masks.apply(text)
        .replaceAll("[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}", "TIME")
        .replaceAll(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)? [+-]\\d{4} [A-Z]+ *", "TIME ")
        .replaceAll("\\bUPDATED +", "UPDATED ");
  }

  private Outcome helm(Path kubeconfig, String first, List<String> arguments) {
    return helm(
        kubeconfig, Stream.concat(Stream.of(first), arguments.stream()).toArray(String[]::new));
  }

  private Outcome helm(Path kubeconfig, String... arguments) {
    return Command.of(helm, arguments)
        .env("KUBECONFIG", kubeconfig.toString())
        .env("HOME", site.directory().toString())
        .run(DEADLINE);
  }
}
