package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.AuditFileSettings;
import dev.fairlead.core.audit.AuditVerification;
import dev.fairlead.core.audit.AuditVerifier;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints and files come and go by time and size. */
class AuditFileTimeTest {

  private static final AuditFileSettings SETTINGS =
      AuditFileSettings.defaults()
          .withRotation(64 * 1024, Duration.ofHours(1))
          .withCheckpoints(1_000, Duration.ofSeconds(10));

  @TempDir Path directory;
  private final ManualTime time = ManualTime.create();
  private Path file;
  private ChainKey key;

  @BeforeEach
  void makeKey() throws Exception {
    file = directory.resolve("audit.log");
    key = ChainKey.in(directory.resolve("key.pem"));
  }

  private JsonLinesAuditSink open() throws IOException {
    return JsonLinesAuditSink.open(file, key, SETTINGS, time);
  }

  private static void append(JsonLinesAuditSink sink, String id) {
    sink.append(
            AuditEvent.received(
                id,
                "GET",
                "/version",
                RequestInfo.nonResource("get", "/version"),
                ManualTime.START))
        .toCompletableFuture()
        .join();
  }

  private AuditVerification verify() throws IOException {
    return AuditVerifier.with(key.publicKey()).verify(file);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> path.getFileName().toString().startsWith("audit.log"))
          .sorted()
          .toList();
    }
  }

  @Test
  void checkpointComesSomeTimeAfterARecord() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      append(sink, "a");
      assertThat(verify().unsigned()).isEqualTo(1);
      time.advance(Duration.ofSeconds(10));
      append(sink, "b");
      assertThat(verify().checkpoints()).isGreaterThanOrEqualTo(2);
      assertThat(Files.readString(file)).contains("\"fairlead.dev/checkpoint\":\"time\"");
      append(sink, "c");
      time.advance(Duration.ofSeconds(10));
      append(sink, "d");
      assertThat(verify().checkpoints()).isGreaterThanOrEqualTo(3);
    }
    assertThat(verify().isIntact()).isTrue();
    assertThat(verify().unsigned()).isZero();
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void oldFileIsSetAsideAndTheChainGoesOn() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      append(sink, "a");
      time.advance(Duration.ofHours(1));
      append(sink, "b");
      append(sink, "c");
      assertThat(files())
          .hasSize(2)
          .last()
          .isEqualTo(directory.resolve("audit.log.%019d".formatted(1)));
      assertThat(Files.readString(file)).contains("\"c\"");
    }
    AuditVerification found = verify();
    assertThat(found.finding()).isNull();
    assertThat(found.first()).isEqualTo(1);
  }

  @Test
  void fullFilesAreSetAsideAndVerifiedTogether() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      for (int i = 0; i < 500; i++) {
        append(sink, "a" + i);
      }
    }
    int before = files().size();
    assertThat(before).isGreaterThan(3);
    try (JsonLinesAuditSink sink = open()) {
      for (int i = 0; i < 200; i++) {
        append(sink, "b" + i);
      }
    }
    assertThat(files()).hasSizeGreaterThan(before);
    assertThat(files()).allSatisfy(f -> assertThat(Files.size(f)).isLessThan(128 * 1024));
    AuditVerification found = verify();
    assertThat(found.finding()).isNull();
    assertThat(found.last()).isGreaterThan(700);
    Files.delete(files().get(2));
    assertThat(verify().finding()).isNotNull();
  }

  @Test
  void fileThatIsOpenedAgainIsSetAsideByItsAgeToo() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      append(sink, "a");
    }
    try (JsonLinesAuditSink sink = open()) {
      time.advance(Duration.ofHours(1));
      append(sink, "b");
    }
    assertThat(files()).hasSize(2);
    assertThat(verify().isIntact()).isTrue();
  }

  @Test
  void newTrailBesideFilesOfAnotherOneIsRefused() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      append(sink, "a");
      time.advance(Duration.ofHours(1));
      append(sink, "b");
    }
    Files.delete(file);
    Files.delete(directory.resolve("audit.log.chain/head"));
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("of an earlier trail");
  }

  @Test
  void everyMistakeInTheSettingsIsTold() {
    assertThatThrownBy(
            () -> new AuditFileSettings(0, false, 1, Duration.ZERO, 2_000_000, Duration.ofDays(1)))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("capacity: 0 (expected: 1 to 1000000)")
        .hasMessageContaining("rotateBytes: 1 ")
        .hasMessageContaining("rotateAfter: PT0S ")
        .hasMessageContaining("checkpointRecords: 2000000 ")
        .hasMessageContaining("checkpointAfter: PT24H ");
  }
}
