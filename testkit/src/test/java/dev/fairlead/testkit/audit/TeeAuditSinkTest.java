package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.audit.TeeAuditSink;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TeeAuditSinkTest {

  private final MemoryAuditSink one = new MemoryAuditSink(1_000);
  private final MemoryAuditSink other = new MemoryAuditSink(1_000);
  private final AuditSink tee = TeeAuditSink.to(one, other);

  @Nested
  class AsASink extends AuditSinkConformance {
    @Override
    protected AuditSink create() {
      return tee;
    }

    @Override
    protected List<String> written() {
      assertThat(one.events()).hasSameElementsAs(other.events());
      return other.events().stream().map(AuditEvent::auditId).toList();
    }
  }

  @Test
  void oneThatFailsFailsTheEvent() {
    one.close();
    CompletionStage<Void> appended = tee.append(SampleEvents.received("a"));
    assertThat(appended.toCompletableFuture()).isCompletedExceptionally();
    assertThat(other.events()).hasSize(1);
  }

  @Test
  void oneThatThrowsKeepsNoneFromTheEventNorFromBeingClosed() {
    AuditSink broken =
        new AuditSink() {
          @Override
          public CompletionStage<Void> append(AuditEvent event) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void close() {
            throw new IllegalStateException("broken at the end");
          }
        };
    AuditSink both = TeeAuditSink.to(broken, other);
    assertThat(both.append(SampleEvents.received("a")).toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(other.events()).hasSize(1);
    assertThatThrownBy(both::close).hasMessage("broken at the end");
    assertThat(other.append(SampleEvents.received("b")).toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void noSinkIsAMistake() {
    assertThatThrownBy(TeeAuditSink::to).isInstanceOf(IllegalArgumentException.class);
  }
}
