package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same commands with recording proxies: one on the direct way, one between the agent and the
 * API server, one between kubectl and the hub. What reaches the API server, and what comes back to
 * kubectl, is the same on both ways but for a declared list.
 */
class WireDiffIT extends KubectlComparison {

  private final WireDifferences allowed = WireDifferences.load();
  private Recorder direct;
  private Recorder atServer;
  private Recorder atClient;

  @Override
  String name() {
    return "wire-";
  }

  @Override
  List<Path> binaries() {
    return List.of(Tools.oldestKubectl(), Tools.newestKubectl());
  }

  @Override
  boolean isFast() {
    return false;
  }

  @Override
  Site start(ControlPlane cluster, String name) {
    Path directory = Places.directory("wire");
    direct =
        Recorder.start(directory, "direct", cluster, cluster.url(), cluster.file("ca.crt"), true);
    atServer =
        Recorder.start(
            directory, "at-server", cluster, cluster.url(), cluster.file("ca.crt"), true);
    HubProcess hub = HubProcess.start(directory, Site.ROLES, List.of("real"));
    atClient =
        Recorder.start(directory, "at-client", cluster, "https://" + hub.users(), hub.ca(), false);
    return Site.start(
        directory, hub, hub.agents(), kubeconfigOf(cluster, atServer, directory), List.of());
  }

  private static Path kubeconfigOf(ControlPlane cluster, Recorder recorder, Path directory) {
    return Places.write(
        directory.resolve(recorder.url().replaceAll("\\D", "") + ".kubeconfig"),
        cluster.adminKubeconfigText().replace(cluster.url(), recorder.url()));
  }

  @Override
  Kubectl directly(Path binary) {
    return super.directly(binary).at(kubeconfigOf(plane(), direct, site().directory()));
  }

  @Override
  Kubectl throughHub(Path binary) {
    String users = atClient.url().replace("https://", "");
    Path file = site().directory().resolve("recorded.kubeconfig");
    return super.throughHub(binary)
        .at(Places.write(file, Site.kubeconfig(users, "real", User.ALICE, plane().ca())));
  }

  @Override
  void compare(Step step, Lane directLane, Lane hubLane) throws Exception {
    long directMark = direct.mark();
    long serverMark = atServer.mark();
    long clientMark = atClient.mark();
    super.compare(step, directLane, hubLane);
    List<Recorded> expected = direct.since(directMark);
    assertThat(requests(atServer, serverMark))
        .as("requests that reached the API server")
        .isEqualTo(texts(expected, of -> of.requestText(allowed)));
    if (step.title().startsWith("rollout status")) {
      // Each answer tells how far controllers have come.
      return;
    }
    assertThat(texts(atClient.since(clientMark), of -> of.responseText(allowed)))
        .as("responses that reached kubectl")
        .isEqualTo(texts(expected, of -> of.responseText(allowed)));
  }

  @TestFactory
  Stream<DynamicTest> helmSendsTheSame() {
    Path chart = site().directory().resolve("wired");
    helm(plane().adminKubeconfig(), "default", "create", chart.toString());
    Path alice = plane().kubeconfigAs(User.ALICE, site().directory().resolve("helm.kubeconfig"));
    Path directly =
        Places.write(
            site().directory().resolve("helm-direct.kubeconfig"),
            Places.read(alice).replace(plane().url(), direct.url()));
    Path throughHub = throughHub(Tools.newestKubectl()).kubeconfig();
    return Stream.of(
            List.of("install", "one", chart.toString(), "--create-namespace", "--wait"),
            List.of("upgrade", "one", chart.toString(), "--set=replicaCount=2", "--wait"),
            List.of("rollback", "one", "1", "--wait"),
            List.of("list"),
            List.of("uninstall", "one", "--wait"))
        .map(
            arguments ->
                DynamicTest.dynamicTest(
                    "helm " + arguments.get(0),
                    () -> {
                      long directMark = direct.mark();
                      long serverMark = atServer.mark();
                      String[] line = arguments.toArray(String[]::new);
                      helm(directly, "lane-d-wire-helm", line);
                      helm(throughHub, "lane-h-wire-helm", line);
                      assertThat(requests(atServer, serverMark))
                          .isEqualTo(requests(direct, directMark));
                    }));
  }

  private String requests(Recorder recorder, long mark) {
    return texts(recorder.since(mark), of -> of.requestText(allowed));
  }

  private void helm(Path kubeconfig, String namespace, String... arguments) {
    Command.of(Tools.helm(), "--namespace=" + namespace)
        .with(arguments)
        .env("KUBECONFIG", kubeconfig.toString())
        .env("HOME", Path.of(kubeconfig + "-home").toString())
        .run(Duration.ofMinutes(3))
        .succeeded();
  }

  /** Commands that wait ask the same again, more or less often: so each is told once. */
  private String texts(List<Recorded> exchanges, Function<Recorded, String> text) {
    return exchanges.stream()
        .filter(exchange -> !exchange.isExtra(allowed))
        .map(text)
        .distinct()
        .sorted()
        .reduce("", (a, b) -> a + b + "\n");
  }

  @AfterAll
  void everyLineOfTheListIsNeeded() {
    assertThat(allowed.unused()).isEmpty();
  }

  @AfterAll
  void stopRecorders() {
    direct.close();
    atServer.close();
    atClient.close();
  }
}
