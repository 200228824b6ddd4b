package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Helm's own starter chart, through the hub. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class HelmIT {

  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final Path helm = Tools.helm();
  private Site site;

  @BeforeAll
  void start(ControlPlane plane) {
    site = Site.start("helm", Site.ROLES, Map.of("real", plane));
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void chartIsInstalledUpgradedAndUninstalled() {
    Path chart = site.directory().resolve("starter");
    helm("create", chart.toString());
    Kubectl kubectl =
        site.kubectl(Tools.newestKubectl(), User.ALICE, "real").with("--namespace", "helmed");

    Outcome installed =
        helm(
            "install",
            "one",
            chart.toString(),
            "--namespace=helmed",
            "--create-namespace",
            "--wait");
    assertThat(installed.stdout()).contains("STATUS: deployed").contains("REVISION: 1");
    assertThat(replicas(kubectl)).isEqualTo("1 1");
    assertThat(helm("list", "--namespace=helmed").stdout()).contains("starter-0.1.0");

    Outcome upgraded =
        helm(
            "upgrade",
            "one",
            chart.toString(),
            "--namespace=helmed",
            "--set=replicaCount=2",
            "--wait");
    assertThat(upgraded.stdout()).contains("STATUS: deployed").contains("REVISION: 2");
    assertThat(replicas(kubectl)).isEqualTo("2 2");

    Outcome uninstalled = helm("uninstall", "one", "--namespace=helmed", "--wait");
    assertThat(uninstalled.stdout()).contains("release \"one\" uninstalled");
    assertThat(kubectl.run("get", "deployments,services,secrets").succeeded().stderr())
        .contains("No resources found");
  }

  private static String replicas(Kubectl kubectl) {
    return kubectl
        .run(
            "get",
            "deployment",
            "one-starter",
            "--output=jsonpath={.spec.replicas} {.status.readyReplicas}")
        .succeeded()
        .stdout();
  }

  private Outcome helm(String... arguments) {
    return Command.of(helm, arguments)
        .env("KUBECONFIG", site.kubeconfig(User.ALICE, "real").toString())
        .env("HOME", site.directory().toString())
        .run(DEADLINE)
        .succeeded();
  }
}
