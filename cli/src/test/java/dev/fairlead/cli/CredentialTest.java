package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kubernetes' credential plugin. */
class CredentialTest {

  private static final int MANY = 20;

  private final FakeHub hub = new FakeHub();
  private Desk desk;

  @BeforeEach
  void signIn(@TempDir Path home) throws Exception {
    desk = new Desk(home);
    assertThat(desk.login(hub).code()).isZero();
    desk.input = "";
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static String token(Desk.Done done) {
    Map<String, Object> status = Json.child(Json.object(done.out()).orElseThrow(), "status");
    return Json.text(status, "token").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1beta1"})
  void answersInTheVersionAsked(String version) {
    desk.environment.put(
        "KUBERNETES_EXEC_INFO", Desk.EXEC_INFO.replace("k8s.io/v1", "k8s.io/" + version));
    Desk.Done done = desk.run("credential", "--hub", hub.server.url());
    assertThat(done.err()).isEmpty();
    Instant renewal = desk.time.instant().plusSeconds(840);
    assertThat(Json.object(done.out()).orElseThrow())
        .isEqualTo(
            Map.of(
                "kind",
                "ExecCredential",
                "apiVersion",
                "client.authentication.k8s.io/" + version,
                "status",
                Map.of("expirationTimestamp", renewal.toString(), "token", hub.taken)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1alpha1\"}",
        "{\"kind\":\"Pod\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}"
      })
  void whatIsNotKubectlGetsNoToken(String info) {
    desk.environment.put("KUBERNETES_EXEC_INFO", info);
    Desk.Done done = desk.run("credential", "--hub", hub.server.url());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.out()).isEmpty();
    assertThat(done.err()).contains("KUBERNETES_EXEC_INFO", "expected: ");
  }

  @Test
  void tokenIsKeptUntilShortlyBeforeItExpires() {
    String first = token(desk.credential(hub));
    desk.time.advance(Duration.ofSeconds(839));
    assertThat(token(desk.credential(hub))).isEqualTo(first);
    desk.time.advance(Duration.ofSeconds(1));
    assertThat(token(desk.credential(hub))).isNotEqualTo(first);
    assertThat(hub.refreshes).hasValue(1);
  }

  @Test
  void tokenThatStillHoldsIsGivenWhileTheHubIsOutOfOrder() {
    String first = token(desk.credential(hub));
    hub.refreshStatus = 503;
    desk.time.advance(Duration.ofSeconds(850));
    Desk.Done late = desk.credential(hub);
    assertThat(token(late)).isEqualTo(first);
    // Until it really expires, lest kubectl asks all the time.
    assertThat(late.out()).contains(desk.time.instant().plusSeconds(50).toString());
    desk.time.advance(Duration.ofSeconds(50));
    Desk.Done over = desk.credential(hub);
    assertThat(over.code()).isEqualTo(1);
    assertThat(over.err()).contains("not now").doesNotContain("fairlead login");
    hub.refreshStatus = 200;
    assertThat(desk.credential(hub).code()).isZero();
  }

  @Test
  void endedSignInSaysWhatToDoAndIsNotTriedAgain() {
    desk.time.advance(Duration.ofHours(1));
    hub.refreshStatus = 401;
    Desk.Done done = desk.credential(hub);
    assertThat(done.code()).isEqualTo(3);
    assertThat(done.out()).isEmpty();
    assertThat(done.err())
        .contains("has ended (not now)", "fairlead login --hub " + hub.server.url());
    hub.refreshStatus = 200;
    assertThat(desk.credential(hub).code()).isEqualTo(3);
    assertThat(hub.refreshes).hasValue(0);
  }

  @Test
  void nobodyIsAskedForAnything() {
    desk.time.advance(Duration.ofHours(1));
    hub.refreshStatus = 401;
    desk.terminal = true;
    desk.typed = FakeHub.PASSWORD;
    desk.environment.put("KUBERNETES_EXEC_INFO", Desk.EXEC_INFO.replace("false", "true"));
    assertThat(desk.run("credential", "--hub", hub.server.url()).code()).isEqualTo(3);
  }

  @Test
  void twentyThreadsRenewOnce() throws Exception {
    desk.realPauses = true;
    desk.environment.put("KUBERNETES_EXEC_INFO", Desk.EXEC_INFO);
    desk.time.advance(Duration.ofHours(1));
    ExecutorService threads = Executors.newFixedThreadPool(MANY);
    try {
      List<Callable<Desk.Done>> all = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        all.add(() -> desk.run("credential", "--hub", hub.server.url()));
      }
      for (Future<Desk.Done> one : threads.invokeAll(all)) {
        assertThat(token(one.get())).isEqualTo(hub.taken);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(hub.refreshes).hasValue(1);
    assertThat(hub.replays).hasValue(0);
  }

  @Test
  void twentyProcessesRenewOnce() throws Exception {
    List<Process> all = new ArrayList<>();
    List<Path> outputs = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Path output = desk.home.resolve("out-" + i);
      outputs.add(output);
      all.add(fork(output));
    }
    for (int i = 0; i < MANY; i++) {
      assertThat(all.get(i).waitFor(90, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(outputs.get(i));
      assertThat(all.get(i).exitValue()).as(said).isZero();
      assertThat(token(new Desk.Done(0, said, ""))).isEqualTo(hub.taken);
    }
    assertThat(hub.refreshes).hasValue(1);
    assertThat(hub.replays).hasValue(0);
  }

  private Process fork(Path output) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Fairlead.class.getName(),
                "credential",
                "--hub",
                hub.server.url())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("XDG_CONFIG_HOME", desk.home.resolve("config").toString());
    builder.environment().put("KUBERNETES_EXEC_INFO", Desk.EXEC_INFO);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder.start();
  }
}
