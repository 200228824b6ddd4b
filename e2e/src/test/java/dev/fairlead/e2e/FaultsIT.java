package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that die or fall silent while users work. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class FaultsIT {

  /** A failure is told within this time. */
  private static final Duration TOLD = Duration.ofSeconds(15);

  /** What came back is used again within this time. */
  private static final Duration BACK = Duration.ofSeconds(30);

  private static final Duration BEGUN = Duration.ofSeconds(20);
  private static final int BYTES = 200 << 20;
  private static final int SOME_BYTES = 2 << 20;

  private static final String WATCH =
      "/clusters/real/api/v1/namespaces/faults/pods?watch=true&allowWatchBookmarks=true";

  private ControlPlane plane;
  private Site site;
  private Kubectl kubectl;

  @BeforeAll
  void fill(ControlPlane shared) {
    plane = shared;
    plane.admin().run("create", "namespace", "faults").succeeded();
    Awaitility.await("service account")
        .atMost(BEGUN)
        .until(
            () -> plane.admin().run("get", "sa", "default", "--namespace=faults").exitCode() == 0);
    Kubectl admin = plane.admin().with("--namespace", "faults");
    admin.run("run", "solo", "--image=example.com/solo:1").succeeded();
    admin.run("wait", "--for=condition=Ready", "pod/solo").succeeded();
    StreamSteps.random(plane.work().resolve("large"), BYTES);
  }

  @BeforeEach
  void start() {
    site = Site.start("faults", Site.ROLES, Map.of("real", plane));
    kubectl = site.kubectl(Tools.newestKubectl(), User.ALICE, "real").with("--namespace", "faults");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void agentThatIsKilledEndsWhatIsUnderWayAsErrorsAndComesBack() {
    killDuringCopiesAndWatch(() -> site.agent("real").kill());
    assertThat(kubectl.run("get", "pods").failed().stderr())
        .as("without an agent")
        .contains("ServiceUnavailable");
    // A process that is started again, as a cluster does it: the kept certificate is all it has.
    site.agent("real").startAgain();
    assertThat(kubectl.run("get", "pods").succeeded().stdout()).contains("solo");
  }

  @Test
  void hubThatIsKilledEndsWhatIsUnderWayAsErrorsAndAgentsComeBackByThemselves() {
    killDuringCopiesAndWatch(() -> site.hub().kill());
    kubectl.run("get", "pods").failed();
    site.hub().startAgain();
    awaitWorking();
  }

  @Test
  void pausedApiServerIsReportedAndWorksAgainWhenItResumes() {
    kubectl.run("get", "pods").succeeded();
    plane.pause();
    try {
      Outcome found = kubectl.command("get", "pods").run(TOLD).failed();
      assertThat(found.stderr()).contains("Error from server");
      Outcome next = kubectl.command("get", "pods").run(TOLD).failed();
      assertThat(next.stderr()).contains("Error from server");
    } finally {
      plane.resume();
    }
    awaitWorking();
  }

  private void killDuringCopiesAndWatch(Runnable kill) {
    Path copy = site.directory().resolve("large");
    delete(copy);
    try (Running download = kubectl.start("cp", "solo:large", copy.toString());
        Running upload =
            kubectl.start("cp", plane.work().resolve("large").toString(), "solo:uploaded");
        Running watch = kubectl.start("get", "--raw", WATCH);
        Running shownWatch = kubectl.start("get", "pods", "-w")) {
      watch.awaitStdout(text -> text.contains("\"solo\""), BEGUN);
      shownWatch.awaitStdout(text -> text.contains("solo"), BEGUN);
      awaitBytes(copy);
      awaitBytes(plane.work().resolve("uploaded"));
      assertThat(download.isAlive() && upload.isAlive() && watch.isAlive())
          .as("all under way")
          .isTrue();

      kill.run();

      assertThat(upload.awaitEnd(TOLD).failed().stderr()).isNotEmpty();
      assertThat(download.awaitEnd(TOLD).failed().stderr()).isNotEmpty();
      assertThat(watch.awaitEnd(TOLD).failed().stderr()).isNotEmpty();
      // Of a watch that breaks off, kubectl tells by ending; its exit code is 0 all the same.
      shownWatch.awaitEnd(TOLD);
    } finally {
      delete(plane.work().resolve("uploaded"));
    }
  }

  private static void awaitBytes(Path file) {
    Awaitility.await("some bytes in " + file)
        .atMost(BEGUN)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(file) && Files.size(file) > SOME_BYTES);
  }

  private void awaitWorking() {
    Awaitility.await("the next command works")
        .atMost(BACK)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> kubectl.run("get", "pods").exitCode() == 0);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
