package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every command runs directly at the API server, as an administrator who impersonates the user, and
 * through hub and agent as the user: exit code and both outputs are the same.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
abstract class KubectlComparison {

  private final ExecutorService lanes = Executors.newFixedThreadPool(2);
  private ControlPlane plane;
  private Site site;
  private EchoServer echo;

  /** What all names of this comparison have in them. */
  abstract String name();

  /** Starts a hub with the cluster {@code real}. */
  abstract Site start(ControlPlane cluster, String name);

  /** Whether the way is fast enough for large transfers. */
  boolean isFast() {
    return true;
  }

  /** Whether hundreds of megabytes are moved with a kubectl. */
  boolean movesMuch(Path binary) {
    return false;
  }

  /** Which kubectls are tried. */
  abstract List<Path> binaries();

  @BeforeAll
  void start(ControlPlane shared) {
    plane = shared;
    site = start(plane, name());
    echo = EchoServer.on(plane.forwardedPort());
  }

  @AfterAll
  void stop() {
    lanes.shutdownNow();
    echo.close();
    site.close();
  }

  @TestFactory
  Stream<DynamicContainer> outputIsThatOfTheApiServerItself() throws IOException {
    List<DynamicContainer> containers = new ArrayList<>();
    for (Path binary : binaries()) {
      containers.add(steps(binary));
    }
    return containers.stream();
  }

  private DynamicContainer steps(Path binary) throws IOException {
    String name = Kubectl.nameOf(binary);
    Lane direct = lane('d', binary, directly(binary));
    Lane hub = lane('h', binary, throughHub(binary));
    boolean knowsWhoami = !binary.equals(Tools.oldestKubectl());
    Set<String> titles = new HashSet<>();
    Stream<Step> steps =
        Stream.of(
                ReadingSteps.all(knowsWhoami),
                WritingSteps.begin(),
                WritingSteps.look(),
                OperatingSteps.look(),
                StreamSteps.all(),
                TerminalSteps.all(),
                WritingSteps.change(),
                OperatingSteps.change(),
                WritingSteps.end())
            .flatMap(List::stream);
    return DynamicContainer.dynamicContainer(
        name,
        steps
            .filter(step -> isFast() || !StreamSteps.isLarge(step))
            .filter(step -> movesMuch(binary) || !StreamSteps.isHuge(step))
            .map(step -> step.unlike(titles))
            .map(
                step ->
                    DynamicTest.dynamicTest(
                        name + " " + step.title(), () -> compare(step, direct, hub))));
  }

  final ControlPlane plane() {
    return plane;
  }

  final Site site() {
    return site;
  }

  /** A kubectl that asks the API server itself. */
  Kubectl directly(Path binary) {
    return new Kubectl(
        binary, plane.adminKubeconfig(), site.directory(), List.of(User.ALICE.impersonation()));
  }

  /** A kubectl that asks the hub. */
  Kubectl throughHub(Path binary) {
    return site.kubectl(binary, User.ALICE, "real");
  }

  private Lane lane(char letter, Path binary, Kubectl kubectl) throws IOException {
    String namespace =
        "lane-"
            + letter
            + "-"
            + name()
            + Kubectl.nameOf(binary).replace("kubectl", "k").replace(".", "");
    Path files = Files.createDirectories(site.directory().resolve(namespace));
    return new Lane(namespace, kubectl, plane, files);
  }

  /** Runs a step in both lanes. */
  void compare(Step step, Lane direct, Lane hub) throws Exception {
    Future<Outcome> expected = lanes.submit(() -> step.action().apply(direct));
    Future<Outcome> found = lanes.submit(() -> step.action().apply(hub));
    Outcome atServer = Futures.get(expected);
    Outcome throughHub = Futures.get(found);
    assertThat(atServer.exitCode() == 0).as("directly: %s", atServer).isEqualTo(step.succeeds());
    assertThat(Masks.apply(throughHub.stderr()))
        .as("standard error of %s", throughHub)
        .isEqualTo(Masks.apply(atServer.stderr()));
    assertThat(Masks.apply(throughHub.stdout()))
        .as("standard output of %s", throughHub.command())
        .isEqualTo(Masks.apply(atServer.stdout()));
    assertThat(throughHub.exitCode()).isEqualTo(atServer.exitCode());
  }
}
