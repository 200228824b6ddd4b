package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditLog;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.MemoryAuditSink;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryAuditSinkTest {

  private final MemoryAuditSink sink = new MemoryAuditSink(1_000);

  @Nested
  class AsASink extends AuditSinkConformance {
    @Override
    protected AuditSink create() {
      return sink;
    }

    @Override
    protected List<String> written() {
      return sink.events().stream().map(AuditEvent::auditId).toList();
    }
  }

  @Nested
  class AsALog extends AuditLogConformance {
    @Override
    protected AuditSink create() {
      return sink;
    }

    @Override
    protected AuditLog log() {
      return sink;
    }
  }

  @Test
  void pagesGoOnWhenSomeWereForgotten() {
    sink.append(SampleEvents.received("a"));
    sink.append(SampleEvents.received("b"));
    AuditPage page = sink.find(AuditQuery.all().atMost(1));
    sink.clear();
    sink.append(SampleEvents.received("c"));
    AuditPage next = sink.find(AuditQuery.all().after(page.continueToken()));
    assertThat(next.events()).isEmpty();
    assertThat(next.continueToken()).isNull();
  }
}
