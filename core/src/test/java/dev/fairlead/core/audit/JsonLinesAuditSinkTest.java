package dev.fairlead.core.audit;

import static dev.fairlead.core.audit.AuditEvents.completed;
import static dev.fairlead.core.audit.AuditEvents.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesAuditSinkTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("audit.log");
  }

  @Test
  void eventIsALineOfKubernetesAuditJson() throws Exception {
    AuditEvent event =
        event(
            "id-1",
            "/apis/apps/v1/namespaces/shop/deployments/web/scale?timeout=5s",
            "kubectl/v1.33",
            Map.of("fairlead.dev/role", "developer"));
    List<String> lines = written(completed(event, 404));
    assertThat(lines)
        .containsExactly(
            "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\","
                + "\"auditID\":\"id-1\",\"stage\":\"ResponseComplete\",\"requestURI\":"
                + "\"/apis/apps/v1/namespaces/shop/deployments/web/scale?timeout=5s\","
                + "\"verb\":\"get\",\"user\":{\"username\":\"jane\",\"uid\":\"7\","
                + "\"groups\":[\"payments\",\"ops\"],\"extra\":{\"scope\":[\"a\",\"b\"]}},"
                + "\"sourceIPs\":[\"203.0.113.9\"],\"userAgent\":\"kubectl/v1.33\","
                + "\"objectRef\":{\"resource\":\"deployments\",\"namespace\":\"shop\","
                + "\"name\":\"web\",\"apiGroup\":\"apps\",\"apiVersion\":\"v1\","
                + "\"subresource\":\"scale\"},"
                + "\"responseStatus\":{\"metadata\":{},\"status\":\"Failure\",\"code\":404},"
                + "\"requestReceivedTimestamp\":\"2026-07-31T10:00:00.000000Z\","
                + "\"stageTimestamp\":\"2026-07-31T10:00:00.001234Z\","
                + "\"annotations\":{\"fairlead.dev/cluster\":\"prod-eu\","
                + "\"fairlead.dev/method\":\"GET\",\"fairlead.dev/role\":\"developer\","
                + "\"fairlead.dev/sequence\":\"2\",\"fairlead.dev/previous\":\""
                + ChainLink.sha256((Files.readAllLines(file).get(0) + "\n").getBytes(UTF_8))
                + "\"}}");
  }

  @Test
  void annotationsStandInOrderOfTheirKeysAlsoIfOneIsAnEmbeddersOwn() throws Exception {
    Map<String, String> usual = new HashMap<>(Map.of("fairlead.dev/role", "dev"));
    usual.put("fairlead.dev/agent", "a");
    assertThat(written(event("id", "/version", "", usual)).get(0))
        .contains(
            "{\"fairlead.dev/agent\":\"a\",\"fairlead.dev/cluster\":\"prod-eu\","
                + "\"fairlead.dev/method\":\"GET\",\"fairlead.dev/role\":\"dev\",\"fairlead.dev/s");
    usual.put("example.com/ticket", "7");
    usual.put("fairlead.dev/cluster", "forged");
    assertThat(written(event("id", "/version", "", usual)).get(1))
        .contains(
            "{\"example.com/ticket\":\"7\",\"fairlead.dev/agent\":\"a\","
                + "\"fairlead.dev/cluster\":\"prod-eu\",\"fairlead.dev/method\":\"GET\","
                + "\"fairlead.dev/role\":\"dev\",\"fairlead.dev/s");
  }

  @Test
  void placeInTheChainIsNotTheEventsToTell() throws Exception {
    Map<String, String> forged =
        Map.of(
            "fairlead.dev/sequence", "77",
            "fairlead.dev/previous", "x",
            "fairlead.dev/signature", "y",
            "fairlead.dev/checkpoint", "close");
    assertThat(written(event("id", "/version", "", forged)).get(0))
        .contains("\"fairlead.dev/sequence\":\"2\"")
        .doesNotContain("\"77\"", "\"x\"", "signature", "checkpoint");
  }

  @Test
  void withoutOtherAnnotationsThePlaceStandsAlone() throws Exception {
    AuditEvent bare =
        AuditEvent.received("id", "", "/", RequestInfo.nonResource("get", "/"), Instant.EPOCH);
    assertThat(written(bare).get(0)).contains("\"annotations\":{\"fairlead.dev/sequence\":");
  }

  @Test
  void eventThatFitsNoLineIsRefusedAlone() throws Exception {
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(file)) {
      CompletionStage<Void> large = sink.append(event("a", "/api", "x".repeat(1 << 20), Map.of()));
      sink.append(event("b", "/api")).toCompletableFuture().join();
      assertThatThrownBy(() -> large.toCompletableFuture().join())
          .hasMessageContaining("bytes (expected: less than 1048576)");
    }
    assertThat(events(file)).singleElement().asString().contains("\"b\"");
  }

  @Test
  void absentPartsAreLeftOut() throws Exception {
    assertThat(written(event("id", "/version", "", Map.of())).get(0))
        .doesNotContain("objectRef", "responseStatus", "userAgent");
    assertThat(written(completed(event("id", "/version"), 200)).get(1))
        .contains("\"responseStatus\":{\"metadata\":{},\"code\":200}");
  }

  @Test
  void bothIdentitiesStandInTheRecord() throws Exception {
    AuditEvent event = event("id", "/version");
    assertThat(written(event.by(event.user(), Identity.user("alice").inGroups("dev"))).get(0))
        .contains("\"user\":{\"username\":\"jane\"")
        .contains("\"impersonatedUser\":{\"username\":\"alice\",\"groups\":[\"dev\"]}");
  }

  @Test
  void whoIsNotKnownIsAnEmptyUser() throws Exception {
    assertThat(written(event("id", "/version").by(null, null).on(null)).get(0))
        .contains("\"user\":{},")
        .doesNotContain("fairlead.dev/cluster", "impersonatedUser");
  }

  @Test
  void outcomeFollowsFromStageAndStatus() {
    AuditEvent event = event("id", "/version");
    assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.PENDING);
    assertThat(completed(event, 101).outcome()).isEqualTo(AuditEvent.Outcome.SUCCEEDED);
    assertThat(completed(event, 401).outcome()).isEqualTo(AuditEvent.Outcome.REFUSED);
    assertThat(completed(event, 403).outcome()).isEqualTo(AuditEvent.Outcome.REFUSED);
    assertThat(completed(event, 404).outcome()).isEqualTo(AuditEvent.Outcome.FAILED);
    assertThat(
            event.reached(AuditEvent.Stage.RESPONSE_COMPLETE, event.at(), null, Map.of()).outcome())
        .as("cut off before a response")
        .isEqualTo(AuditEvent.Outcome.FAILED);
  }

  @Test
  void hostileTextCannotBreakOutOfItsLine() throws Exception {
    String hostile = "x\"}\r\n{\"kind\":\"Event\"}\u0000\u001b[2J\u2028\ud800é\u202e";
    List<String> lines =
        written(
            event(
                "id",
                "/api/v1/namespaces/n/pods/%22%E2%80%A8/exec?command=a%0D%0Ab",
                hostile,
                Map.of("k", hostile)));
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .matches(line -> line.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "is printable ASCII")
        .contains(
            "x\\\"}\\u000D\\u000A{\\\"kind\\\"", "\\u0000\\u001B[2J\\u2028\\uD800\\u00E9\\u202E")
        .contains("command=a%0D%0Ab");
  }

  @ParameterizedTest
  @CsvSource({
    "token=abc, token=REDACTED",
    "a=1&access_token=abc&b=2, a=1&access_token=REDACTED&b=2",
    "%74oken=abc, %74oken=REDACTED",
    "Token=abc&TOKEN=def, Token=REDACTED&TOKEN=REDACTED",
    "id_token=a=b=c, id_token=REDACTED",
    "password=x&client_secret=y&sig=z, password=REDACTED&client_secret=REDACTED&sig=REDACTED",
    "X-Amz-Signature=abc, X-Amz-Signature=REDACTED",
    "+token=abc, +token=REDACTED",
    "token, token",
    "token=, token=REDACTED",
    "continue=abc&limit=5&command=sh, continue=abc&limit=5&command=sh",
    "'', ''",
    "&&a=1&, &&a=1&",
  })
  void valuesThatMayBeSecretAreRedacted(String query, String shown) throws Exception {
    assertThat(written(event("id", "/api/v1/pods?" + query)).get(0))
        .contains("\"requestURI\":\"/api/v1/pods?" + shown + "\"");
  }

  @Test
  void fileIsForItsOwnerOnlyAndOnlyGrows() throws Exception {
    written(event("a", "/api"));
    assertThat(written(event("b", "/api"))).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void fileThatOthersMayReadIsRefused() throws Exception {
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> JsonLinesAuditSink.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rw-r----- (expected: rw-------)");
  }

  @Test
  void lineCutOffByACrashIsEnded() throws Exception {
    written(event("a", "/api"));
    Files.writeString(file, Files.readString(file) + "{\"kind\":\"Ev");
    written(event("b", "/api"));
    assertThat(Files.readAllLines(file)).element(3, STRING).isEqualTo("{\"kind\":\"Ev");
    assertThat(Files.readAllLines(file))
        .element(4, STRING)
        .contains("\"fairlead.dev/checkpoint\":\"recovery\"", "\"fairlead.dev/torn\":\"12 ");
  }

  @Test
  void fileThatWasMovedAwayIsStartedAnew() throws Exception {
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(file)) {
      sink.append(event("a", "/api")).toCompletableFuture().join();
      Path moved = Files.move(file, directory.resolve("audit.log.1"));
      sink.append(event("b", "/api")).toCompletableFuture().join();
      assertThat(events(moved)).singleElement().asString().contains("\"a\"");
      assertThat(events(file)).singleElement().asString().contains("\"b\"");
    }
  }

  @Test
  void failedFileSystemRefusesUntilItWorksAgain() throws Exception {
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(file)) {
      Files.move(directory, directory.resolveSibling(directory.getFileName() + "-gone"));
      assertThatThrownBy(() -> sink.append(event("a", "/api")).toCompletableFuture().join())
          .hasCauseInstanceOf(AuditException.class)
          .hasMessageContaining("not written");
      Files.move(directory.resolveSibling(directory.getFileName() + "-gone"), directory);
      sink.append(event("b", "/api")).toCompletableFuture().join();
      assertThat(events(file)).singleElement().asString().contains("\"b\"");
    }
  }

  @Test
  void manyThreadsWriteWholeLinesInTheOrderOfEachRequest() throws Exception {
    int threads = 4;
    int each = 500;
    try (SystemTime time = new SystemTime();
        JsonLinesAuditSink sink =
            JsonLinesAuditSink.open(
                file,
                ChainKey.in(directory.resolve("key.pem")),
                AuditFileSettings.defaults().withCapacity(threads * each).withFsync(true),
                time)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "t" + t + "-";
        CompletableFuture<Void> done = new CompletableFuture<>();
        all.add(done);
        Thread thread =
            new Thread(
                () -> {
                  CompletionStage<Void> last = CompletableFuture.completedStage(null);
                  for (int i = 0; i < each; i++) {
                    last = sink.append(event(name + i, "/api"));
                  }
                  last.whenComplete((v, e) -> done.complete(null));
                });
        running.add(thread);
        thread.start();
      }
      for (Thread thread : running) {
        thread.join();
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }
    List<String> lines = events(file);
    assertThat(lines).hasSize(threads * each).allMatch(l -> l.startsWith("{") && l.endsWith("}}"));
    for (int t = 0; t < threads; t++) {
      String name = "\"t" + t + "-";
      List<String> own = lines.stream().filter(line -> line.contains(name)).toList();
      for (int i = 0; i < each; i++) {
        assertThat(own.get(i)).contains(name + i + "\"");
      }
    }
  }

  private List<String> written(AuditEvent event) throws Exception {
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(file)) {
      sink.append(event).toCompletableFuture().join();
      return events(file);
    }
  }

  private static List<String> events(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.contains("auditcheckpoints"))
        .toList();
  }
}
