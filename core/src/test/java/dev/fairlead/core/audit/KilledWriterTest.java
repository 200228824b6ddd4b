package dev.fairlead.core.audit;

import static dev.fairlead.core.audit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.time.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub that dies at any moment leaves behind can be gone on with, and verified. */
class KilledWriterTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("audit.log");
  }

  @Test
  void trailGoesOnWhereverTheLastRecordsWereCutOff() throws Exception {
    int whole;
    byte[] all;
    Path killed;
    try (SystemTime time = new SystemTime();
        JsonLinesAuditSink sink = Chains.open(file, 1_000, time)) {
      sink.append(event("a", "/api")).toCompletableFuture().join();
      whole = (int) Files.size(file);
      // A short one, as each of its bytes is one trail.
      sink.append(
              AuditEvent.received("b", "", "/", RequestInfo.nonResource("get", "/"), Instant.EPOCH))
          .toCompletableFuture()
          .join();
      killed = Chains.copy(file, directory.resolve("killed"));
      all = Files.readAllBytes(killed);
    }
    for (int length = whole; length <= all.length; length++) {
      Path cut = Chains.copy(killed, directory.resolve("cut"));
      Files.write(cut, Arrays.copyOf(all, length));
      assertThat(Chains.verify(cut).torn()).isEqualTo(length == all.length ? 0 : length - whole);
      Chains.write(cut, 1_000, "c");
      AuditVerification found = Chains.verify(cut);
      assertThat(found.finding()).as("cut at %d of %d", length, all.length).isNull();
      boolean there = length >= all.length - 1;
      assertThat(ids(cut)).isEqualTo(there ? List.of("a", "b", "c") : List.of("a", "c"));
      assertThat(found.unsigned()).isZero();
    }
  }

  @Test
  void trailGoesOnWhereverItsFirstCheckpointWasCutOff() throws Exception {
    Chains.write(file, 1_000);
    byte[] all = Files.readAllBytes(file);
    Files.delete(new AuditFiles(file).head());
    for (int length = 0; length <= all.length; length += length < all.length - 41 ? 41 : 1) {
      Path cut = Chains.copy(file, directory.resolve("cut" + length));
      Files.write(cut, Arrays.copyOf(all, length));
      Chains.write(cut, 1_000, "c");
      assertThat(Chains.verify(cut).finding()).as("cut at %d of %d", length, all.length).isNull();
    }
  }

  @Test
  void trailGoesOnWhereverTheCheckpointOfARecoveryWasCutOff() throws Exception {
    Chains.write(file, 1_000, "a");
    Files.writeString(file, Files.readString(file) + "{\"kind\":\"Ev");
    Path torn = Chains.copy(file, directory.resolve("torn"));
    int before = (int) Files.size(torn);
    byte[] head = Files.readAllBytes(new AuditFiles(torn).head());
    Chains.write(torn, 1_000);
    byte[] all = Files.readAllBytes(torn);
    for (int length = before; length <= all.length; length += length < all.length - 23 ? 23 : 1) {
      Path cut = Chains.copy(torn, directory.resolve("cut"));
      Files.write(cut, Arrays.copyOf(all, length));
      Files.write(new AuditFiles(cut).head(), head);
      Chains.write(cut, 1_000, "c");
      assertThat(Chains.verify(cut).finding()).as("cut at %d of %d", length, all.length).isNull();
      assertThat(ids(cut)).containsExactly("a", "c");
    }
  }

  @Test
  void remainsBetweenRecordsAreTakenOnlyAsTheyWereVouchedFor() throws Exception {
    Chains.write(file, 1_000, "a");
    Files.writeString(file, Files.readString(file) + "{\"kind\":\"Ev");
    Chains.write(file, 1_000, "b");
    Files.writeString(file, Files.readString(file).replace("{\"kind\":\"Ev\n", "{\"kind\":\"Ov\n"));
    assertThat(Chains.verify(file).isIntact()).isFalse();
  }

  @Test
  void trailThatWasCutOrChangedWhileTheHubWasAwayIsNotGoneOnWith() throws Exception {
    Chains.write(file, 1_000, "a", "b");
    List<String> lines = Chains.lines(file);
    Chains.replace(file, lines.subList(0, 3));
    assertThatThrownBy(() -> Chains.write(file, 1_000, "c"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the trail ends at record 3 (expected: at 4 or later)")
        .hasMessageContaining("move it away");
    lines.set(1, lines.get(1).replace("jane", "mary"));
    Chains.replace(file, lines);
    assertThatThrownBy(() -> Chains.write(file, 1_000, "c"))
        .hasMessageContaining("audit.log:2: record 2 expected: is another one");
    Files.move(file, directory.resolve("evidence"));
    Chains.write(file, 1_000, "c");
    AuditVerification found = Chains.verify(file);
    assertThat(found.isIntact()).isTrue();
    assertThat(found.first()).isEqualTo(5);
  }

  @Test
  void trailWithoutItsLastCheckpointIsNotGoneOnWith() throws Exception {
    Chains.write(file, 1_000, "a");
    Files.delete(new AuditFiles(file).head());
    assertThatThrownBy(() -> Chains.write(file, 1_000, "b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("head: missing");
  }

  @Test
  void fileThatSomebodyElseWritesToIsWrittenToNoMore() throws Exception {
    try (SystemTime time = new SystemTime();
        JsonLinesAuditSink sink = Chains.open(file, 1_000, time)) {
      sink.append(event("a", "/api")).toCompletableFuture().join();
      byte[] all = Files.readAllBytes(file);
      Files.write(file, Chains.joined(all, "{}\n".getBytes(StandardCharsets.UTF_8)));
      assertThatThrownBy(() -> sink.append(event("b", "/api")).toCompletableFuture().join())
          .hasMessageContaining("bytes (expected: the " + all.length + " that this hub wrote");
      Files.move(file, directory.resolve("evidence"));
      sink.append(event("c", "/api")).toCompletableFuture().join();
      assertThat(ids(file)).containsExactly("c");
    }
  }

  @Test
  void oneSinkAtATimeHasAFile() throws Exception {
    try (SystemTime time = new SystemTime();
        JsonLinesAuditSink sink = Chains.open(file, 1_000, time)) {
      assertThatThrownBy(() -> Chains.open(file, 1_000, time)).isInstanceOf(InvalidException.class);
      sink.append(event("a", "/api")).toCompletableFuture().join();
    }
    Chains.write(file, 1_000, "b");
  }

  @Test
  void processThatIsKilledLosesNothingThatItReported() throws Exception {
    List<String> reported = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledWriterTest.class.getName(),
                  file.toString(),
                  "r" + round + "-")
              .redirectErrorStream(true)
              .start();
      try (BufferedReader reports =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (int i = 0; i < 300; i++) {
          reported.add(reports.readLine());
        }
        process.toHandle().destroyForcibly();
        reports.lines().filter(line -> line.endsWith(".")).forEach(reported::add);
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(Chains.verify(file).finding()).isNull();
    }
    assertThat(reported).allMatch(line -> line != null && line.matches("r\\d-\\d+\\."));
    Chains.write(file, 100, "last");
    AuditVerification found = Chains.verify(file);
    assertThat(found.finding()).isNull();
    assertThat(found.unsigned()).isZero();
    List<String> written = ids(file);
    assertThat(reported).allMatch(line -> written.contains(line.substring(0, line.length() - 1)));
  }

  /** The process that is killed: reports each record once it is written. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    SystemTime time = new SystemTime();
    JsonLinesAuditSink sink = Chains.open(Path.of(arguments[0]), 100, time);
    for (int i = 0; ; i++) {
      String id = arguments[1] + i;
      sink.append(event(id, "/api")).toCompletableFuture().join();
      out.println(id + ".");
    }
  }

  private static List<String> ids(Path file) throws IOException {
    List<String> ids = new ArrayList<>();
    for (String line : Chains.lines(file)) {
      if (ChainedLine.parse(line.getBytes(StandardCharsets.UTF_8)) != null
          && !line.contains("auditcheckpoints")) {
        ids.add(line.replaceAll(".*\"auditID\":\"([^\"]*)\".*", "$1"));
      }
    }
    return ids;
  }
}
