package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many long streams on one agent, and their end by Ctrl-C. How long the many go on is told by
 * {@code -Dfairlead.stress.seconds}.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class StreamsIT {

  private static final int SECONDS = Integer.getInteger("fairlead.stress.seconds", 30);
  private static final int LATEST_MILLIS = 1_000;
  private static final Duration FREED = Duration.ofMillis(250);
  private static final int TIMES = 5;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern STAMP = Pattern.compile("\"stageTimestamp\":\"([^\"]+)\"");
  private static final Pattern RESULT =
      Pattern.compile(
          "watches=500 changes=(\\d+) latest_ms=(-?\\d+) execs=100 lines=(\\d+) slowest_ms=(\\d+)");

  private ControlPlane plane;
  private Site site;

  @BeforeAll
  void start(ControlPlane shared) {
    plane = shared;
    site = Site.start("streams", Site.ROLES, Map.of("real", plane));
    Kubectl admin = plane.admin();
    admin.run("create", "namespace", "streams").succeeded();
    Awaitility.await("service account")
        .atMost(SOON)
        .until(
            () -> admin.run("get", "serviceaccount", "default", "-n", "streams").exitCode() == 0);
    admin.run("run", "solo", "--image=example.com/solo:1", "-n", "streams").succeeded();
    admin
        .run("wait", "--for=condition=Ready", "pod/solo", "-n", "streams", "--timeout=60s")
        .succeeded();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void fiveHundredWatchesAndAHundredCommandsMissNothing() {
    Path program = GoProgram.build("clientgo");
    Outcome told =
        Command.of(program, "-kubeconfig", site.kubeconfig(User.ALICE, "real").toString())
            .with("-direct", plane.adminKubeconfig().toString(), "-namespace", "streams")
            .with("-seconds", String.valueOf(SECONDS), "stress")
            .run(Duration.ofSeconds(SECONDS).plusMinutes(5))
            .succeeded();
    System.out.println(told.stdout());
    Matcher result = RESULT.matcher(told.stdout());
    assertThat(result.find()).as("result of %s", told).isTrue();
    assertThat(Integer.parseInt(result.group(1))).as("changes").isGreaterThan(SECONDS / 2);
    assertThat(Integer.parseInt(result.group(2)))
        .as("milliseconds that the latest event came later than at the API server itself")
        .isLessThanOrEqualTo(LATEST_MILLIS);
    assertThat(Integer.parseInt(result.group(3))).as("lines").isGreaterThan(100);
  }

  static Stream<List<String>> commands() {
    return Stream.of(
        List.of("get", "pods", "-w"),
        List.of("logs", "-f", "solo"),
        List.of("exec", "solo", "--", "sh", "-c", "echo begun; exec sleep 600"),
        List.of("attach", "solo"),
        List.of("port-forward", "solo", ":8080"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void controlCFreesEverythingAtTheApiServer(List<String> command) {
    List<Duration> direct = new ArrayList<>();
    List<Duration> hub = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      direct.add(freedAfter(command, plane.admin()));
      hub.add(freedAfter(command, site.kubectl(Tools.newestKubectl(), User.ALICE, "real")));
    }
    System.out.println(command + ": directly " + direct + ", through the hub " + hub);
    // What kubectl itself takes to end is the same on both ways.
    assertThat(median(hub).minus(median(direct))).isLessThanOrEqualTo(FREED);
  }

  private static Duration median(List<Duration> all) {
    return all.stream().sorted(Comparator.naturalOrder()).toList().get(all.size() / 2);
  }

  /** How long after Ctrl-C the API server had done with what the command had asked for. */
  private Duration freedAfter(List<String> command, Kubectl kubectl) {
    long before = plane.auditLogSize();
    Kubectl here = kubectl.with("--namespace", "streams");
    try (Running running = here.start(command.toArray(String[]::new))) {
      String begun = awaitLine(before, "\"stage\":\"ResponseStarted\"", "kubectl", "streams");
      String id = begun.replaceAll(".*\"auditID\":\"([^\"]+)\".*", "$1");
      Instant pressed = Instant.now();
      running.interrupt();
      return Duration.between(
          pressed, stamp(awaitLine(before, "\"stage\":\"ResponseComplete\"", id)));
    }
  }

  private static Instant stamp(String line) {
    Matcher stamp = STAMP.matcher(line);
    if (!stamp.find()) {
      throw new AssertionError("found: " + line + " (expected: a time)");
    }
    return Instant.parse(stamp.group(1));
  }

  private String awaitLine(long since, String... parts) {
    return Awaitility.await("audit record with " + List.of(parts))
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                plane.auditLog(since).stream()
                    .filter(line -> List.of(parts).stream().allMatch(line::contains))
                    .findFirst()
                    .orElse(""),
            line -> !line.isEmpty());
  }
}
