package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditLog;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.AuditFileSettings;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.core.audit.JsonLinesAuditLog;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesAuditConformanceTest {

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("audit.log");
  }

  /** Sets files aside as often as it may, so that pages go over files. */
  private JsonLinesAuditSink open() throws IOException {
    return JsonLinesAuditSink.open(
        file(),
        ChainKey.in(directory.resolve("key.pem")),
        AuditFileSettings.defaults().withRotation(64 * 1024, Duration.ofDays(1)),
        ManualTime.create());
  }

  @Nested
  class AsASink extends AuditSinkConformance {
    @Override
    protected AuditSink create() throws IOException {
      return open();
    }

    @Override
    protected List<String> written() throws IOException {
      List<String> ids = new ArrayList<>();
      try (Stream<Path> all = Files.list(directory)) {
        for (Path path :
            all.filter(p -> p.toString().contains("audit.log"))
                .sorted(JsonLinesAuditConformanceTest::byAge)
                .toList()) {
          if (Files.isRegularFile(path)) {
            Files.readAllLines(path).stream()
                .filter(line -> !line.contains("auditcheckpoints"))
                .forEach(line -> ids.add(line.replaceAll(".*\"auditID\":\"([^\"]*)\".*", "$1")));
          }
        }
      }
      return ids;
    }
  }

  /** The one that is written has no number, and is the newest. */
  private static int byAge(Path one, Path other) {
    boolean isCurrent = one.endsWith("audit.log");
    return isCurrent || other.endsWith("audit.log")
        ? Boolean.compare(isCurrent, other.endsWith("audit.log"))
        : one.compareTo(other);
  }

  @Nested
  class AsALog extends AuditLogConformance {
    @Override
    protected AuditSink create() throws IOException {
      return open();
    }

    @Override
    protected AuditLog log() {
      return JsonLinesAuditLog.of(file());
    }
  }

  @Test
  void pagesGoOverFilesAndRestarts() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      try (JsonLinesAuditSink sink = open()) {
        for (int i = 0; i < 150; i++) {
          String id = "r" + round + "-" + i;
          sink.append(SampleEvents.received(id)).toCompletableFuture().join();
          expected.add(0, id);
        }
      }
    }
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).hasSizeGreaterThan(4);
    }
    AuditLog log = JsonLinesAuditLog.of(file());
    List<String> found = new ArrayList<>();
    AuditPage page = log.find(AuditQuery.all().atMost(37));
    while (true) {
      page.events().forEach(event -> found.add(event.auditId()));
      if (page.continueToken() == null) {
        break;
      }
      page = log.find(AuditQuery.all().atMost(37).after(page.continueToken()));
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void pageGoesOnAfterItsFileWasSetAsideOrRemoved() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      for (int i = 0; i < 20; i++) {
        sink.append(SampleEvents.received("a" + i)).toCompletableFuture().join();
      }
      AuditLog log = JsonLinesAuditLog.of(file());
      AuditPage page = log.find(AuditQuery.all().atMost(5));
      for (int i = 0; i < 150; i++) {
        sink.append(SampleEvents.received("b" + i)).toCompletableFuture().join();
      }
      AuditQuery next = AuditQuery.all().atMost(5).after(page.continueToken());
      assertThat(log.find(next).events())
          .extracting(AuditEvent::auditId)
          .containsExactly("a14", "a13", "a12", "a11", "a10");
      Files.delete(directory.resolve("audit.log.%019d".formatted(1)));
      assertThat(log.find(next).events()).isEmpty();
    }
  }

  @Test
  void halfALineIsNoEvent() throws Exception {
    try (JsonLinesAuditSink sink = open()) {
      sink.append(SampleEvents.received("a")).toCompletableFuture().join();
    }
    Files.writeString(file(), Files.readString(file()) + "{\"kind\":\"Ev");
    AuditPage page = JsonLinesAuditLog.of(file()).find(AuditQuery.all());
    assertThat(page.events()).hasSize(1);
  }

  @Test
  void logWithoutFilesIsEmptyAndGarbageIsSkipped() throws Exception {
    AuditLog log = JsonLinesAuditLog.of(file());
    assertThat(log.find(AuditQuery.all()).events()).isEmpty();
    Files.writeString(file(), "x".repeat(3 << 20) + "\n{}\n[]\n\n" + "\u0000".repeat(100));
    assertThat(log.find(AuditQuery.all()).events()).isEmpty();
    assertThatThrownBy(() -> log.find(AuditQuery.all().after("m3")))
        .isInstanceOf(InvalidException.class);
  }
}
