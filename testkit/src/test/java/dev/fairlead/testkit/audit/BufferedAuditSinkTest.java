package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.core.audit.BufferedAuditSink;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BufferedAuditSinkTest {

  private final MemoryMetrics metrics = new MemoryMetrics();
  private final ManualTime time = ManualTime.create();
  private final Behind behind = new Behind();
  private final BufferedAuditSink buffer = BufferedAuditSink.before(behind, 3, metrics, time);

  @Nested
  class BeforeASinkThatWorks extends AuditSinkConformance {

    private final MemoryAuditSink memory = new MemoryAuditSink(1_000);

    @Override
    protected AuditSink create() {
      return BufferedAuditSink.before(memory, 1_000, metrics, time);
    }

    @Override
    protected List<String> written() {
      return memory.events().stream().map(AuditEvent::auditId).toList();
    }
  }

  @Test
  void requestsGoOnWhileThereIsRoomAndNoLonger() {
    behind.answers = false;
    for (String id : List.of("a", "b", "c")) {
      assertThat(buffer.append(SampleEvents.received(id)).toCompletableFuture()).isCompleted();
    }
    CompletionStage<Void> fourth = buffer.append(SampleEvents.received("d"));
    assertThatThrownBy(() -> fourth.toCompletableFuture().join())
        .hasMessageContaining("full, 3 events wait");
    assertThat(metrics.value(FairleadMetrics.AUDIT_BUFFERED)).isEqualTo(3);
    behind.answerAll();
    assertThat(behind.taken).containsExactly("a", "b", "c");
    assertThat(metrics.value(FairleadMetrics.AUDIT_BUFFERED)).isZero();
    assertThat(buffer.append(SampleEvents.received("e")).toCompletableFuture()).isCompleted();
  }

  @Test
  void whatTheSinkRefusesIsOfferedAgainInItsOrder() {
    behind.refuses = true;
    buffer.append(SampleEvents.received("a"));
    buffer.append(SampleEvents.received("b"));
    assertThat(behind.taken).isEmpty();
    assertThat(behind.offers).as("not again and again at once").isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(behind.taken).isEmpty();
    behind.refuses = false;
    time.advance(Duration.ofSeconds(1));
    buffer.append(SampleEvents.received("c"));
    assertThat(behind.taken).containsExactly("a", "b", "c");
  }

  @Test
  void whatIsLeftAtTheEndIsCounted() {
    behind.refuses = true;
    buffer.append(SampleEvents.received("a"));
    buffer.append(SampleEvents.received("b"));
    buffer.close();
    buffer.close();
    assertThat(metrics.value(FairleadMetrics.AUDIT_LOST)).isEqualTo(2);
    assertThat(behind.closed).isEqualTo(1);
    assertThat(buffer.append(SampleEvents.received("c")).toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void whatWaitsIsWrittenAtTheEndIfItCanBe() {
    behind.refuses = true;
    buffer.append(SampleEvents.received("a"));
    behind.refuses = false;
    buffer.close();
    assertThat(behind.taken).containsExactly("a");
    assertThat(metrics.value(FairleadMetrics.AUDIT_LOST)).isZero();
  }

  /** A sink that takes, refuses or keeps one waiting. */
  private static final class Behind implements AuditSink {

    final List<String> taken = new ArrayList<>();
    private final List<Runnable> open = new ArrayList<>();
    boolean answers = true;
    boolean refuses;
    int offers;
    int closed;

    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      offers++;
      if (refuses) {
        return CompletableFuture.failedStage(new IllegalStateException("no"));
      }
      CompletableFuture<Void> stage = new CompletableFuture<>();
      Runnable take =
          () -> {
            taken.add(event.auditId());
            stage.complete(null);
          };
      if (answers) {
        take.run();
      } else {
        open.add(take);
      }
      return stage;
    }

    void answerAll() {
      answers = true;
      List<Runnable> now = List.copyOf(open);
      open.clear();
      now.forEach(Runnable::run);
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
