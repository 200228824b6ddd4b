package dev.fairlead.core.audit;

import static dev.fairlead.core.audit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search reads no more at once than it may. */
class BoundedSearchTest {

  @TempDir Path directory;

  @Test
  void pageEndsWhenEnoughWasRead() throws Exception {
    Path file = directory.resolve("audit.log");
    Chains.write(file, 1_000, "a", "b", "c", "d", "e", "f", "g", "h");
    JsonLinesAuditLog log = new JsonLinesAuditLog(file, 2_500);
    List<String> found = new ArrayList<>();
    int pages = 1;
    AuditPage page = log.find(AuditQuery.all());
    while (page.continueToken() != null) {
      page.events().forEach(event -> found.add(event.auditId()));
      page = log.find(AuditQuery.all().after(page.continueToken()));
      pages++;
    }
    page.events().forEach(event -> found.add(event.auditId()));
    assertThat(pages).isGreaterThan(2);
    assertThat(found).containsExactly("h", "g", "f", "e", "d", "c", "b", "a");
  }

  @Test
  void searchEndsADayBeforeItsTime() throws Exception {
    Path file = directory.resolve("audit.log");
    Instant now = Instant.parse("2026-07-31T10:00:00Z");
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(file)) {
      for (int day = 0; day < 5; day++) {
        AuditEvent event = event("d" + day, "/api");
        sink.append(
                event.reached(
                    event.stage(), now.plus(Duration.ofDays(day)), null, java.util.Map.of()))
            .toCompletableFuture()
            .join();
      }
    }
    AuditPage page =
        JsonLinesAuditLog.of(file)
            .find(AuditQuery.all().between(now.plus(Duration.ofDays(3)), null));
    assertThat(page.events()).extracting(AuditEvent::auditId).containsExactly("d4", "d3");
    assertThat(page.continueToken()).isNull();
  }
}
