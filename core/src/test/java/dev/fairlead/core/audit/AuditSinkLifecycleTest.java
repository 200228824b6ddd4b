package dev.fairlead.core.audit;

import static dev.fairlead.core.audit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the sink does when its output stalls, fails, recovers and ends. */
class AuditSinkLifecycleTest {

  private final Output output = new Output();

  @Test
  void callerIsNotHeldUpAndAFullQueueFailsAtOnce() throws Exception {
    output.stall();
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 2, 100);
    CompletionStage<Void> first = sink.append(event("0", "/api"));
    output.reached.await();
    CompletionStage<Void> second = sink.append(event("1", "/api"));
    CompletionStage<Void> third = sink.append(event("2", "/api"));
    CompletionStage<Void> fourth = sink.append(event("3", "/api"));
    assertThat(first.toCompletableFuture()).isNotDone();
    assertThat(second.toCompletableFuture()).isNotDone();
    assertThat(failure(fourth)).hasMessageContaining("full, 2 events wait");
    output.release();
    join(third);
    sink.close();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(output.batches).as("what waited is written together").hasSize(2);
    assertThat(output.batches.get(1)).hasLineCount(2);
  }

  @Test
  void afterAFailureOneEventAtATimeIsTriedAndTheOthersFailAtOnce() throws Exception {
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    output.failure = new IOException("No space left on device");
    assertThat(failureOf(sink.append(event("0", "/api"))))
        .hasMessageContaining("No space left on device");
    output.stall();
    CompletionStage<Void> tried = sink.append(event("1", "/api"));
    output.reached.await();
    assertThat(failure(sink.append(event("2", "/api"))))
        .hasMessageContaining("the last write failed: No space left on device");
    output.release();
    assertThat(failureOf(tried)).hasMessageContaining("No space left on device");
    output.failure = null;
    join(sink.append(event("3", "/api")));
    join(sink.append(event("4", "/api")));
    sink.close();
    assertThat(String.join("", output.batches)).contains("\"3\"", "\"4\"").doesNotContain("\"2\"");
  }

  @Test
  void runtimeFailureOfTheOutputIsAFailureToo() {
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    output.failure = new IllegalStateException("broken");
    assertThat(failureOf(sink.append(event("0", "/api")))).hasMessageContaining("broken");
    output.failure = null;
    join(sink.append(event("1", "/api")));
    sink.close();
  }

  @Test
  void closeWritesWhatWasAcceptedAndRefusesWhatComes() throws Exception {
    output.stall();
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    CompletionStage<Void> first = sink.append(event("0", "/api"));
    output.reached.await();
    CompletionStage<Void> second = sink.append(event("1", "/api"));
    Thread closing = new Thread(sink::close);
    closing.start();
    output.release();
    closing.join();
    sink.close();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(second.toCompletableFuture()).isCompleted();
    assertThat(String.join("", output.batches)).contains("\"0\"", "\"1\"");
    assertThat(output.closed).isEqualTo(1);
    assertThat(failure(sink.append(event("2", "/api")))).hasMessageContaining("closed");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("fairlead-audit") && thread == output.thread);
  }

  @Test
  void sinkMayBeClosedByAContinuation() {
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    join(sink.append(event("0", "/api")).thenRun(sink::close));
    sink.close();
    assertThat(output.closed).isEqualTo(1);
  }

  @Test
  void interruptedCloseStillCloses() {
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    sink.append(event("0", "/api"));
    Thread.currentThread().interrupt();
    sink.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(output.closed).isEqualTo(1);
    assertThat(output.batches).hasSize(1);
  }

  @Test
  void failureToCloseIsTold() {
    output.closeFailure = new IOException("stale handle");
    RecordQueue sink = new RecordQueue("fairlead-audit", output, 10, 100);
    assertThatThrownBy(sink::close)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("audit sink");
  }

  @Test
  void memorySinkIsBoundedAndCloses() {
    MemoryAuditSink sink = new MemoryAuditSink(2);
    join(sink.append(event("0", "/api")));
    join(sink.append(event("1", "/api")));
    assertThat(failure(sink.append(event("2", "/api")))).hasMessageContaining("full");
    assertThat(sink.events()).extracting("auditId").containsExactly("0", "1");
    sink.clear();
    join(sink.append(event("3", "/api")));
    sink.close();
    assertThat(failure(sink.append(event("4", "/api")))).hasMessageContaining("closed");
    assertThat(sink.events()).extracting("auditId").containsExactly("3");
  }

  private static void join(CompletionStage<Void> stage) {
    stage.toCompletableFuture().join();
  }

  /** The failure of a stage that has to be complete already. */
  private static Throwable failure(CompletionStage<Void> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    return failureOf(stage);
  }

  private static Throwable failureOf(CompletionStage<Void> stage) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    stage.whenComplete((v, e) -> failure.complete(e == null ? new AssertionError("written") : e));
    return assertThat(failure.join()).isInstanceOf(AuditException.class).actual();
  }

  private static final class Output implements RecordOutput {

    final List<String> batches = new ArrayList<>();
    volatile CountDownLatch reached = new CountDownLatch(0);
    volatile CountDownLatch go = new CountDownLatch(0);
    volatile @Nullable Exception failure;
    volatile @Nullable IOException closeFailure;
    volatile @Nullable Thread thread;
    volatile int closed;

    void stall() {
      reached = new CountDownLatch(1);
      go = new CountDownLatch(1);
    }

    void release() {
      go.countDown();
    }

    @Override
    public void whenDue(Runnable wake) {}

    @Override
    public void catchUp() {}

    @Override
    public void append(List<EncodedEvent> events) throws IOException {
      thread = Thread.currentThread();
      reached.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      Exception now = failure;
      if (now instanceof IOException e) {
        throw e;
      }
      if (now instanceof RuntimeException e) {
        throw e;
      }
      batches.add(
          events.stream()
              .map(event -> new String(event.opening(), StandardCharsets.UTF_8) + "\n")
              .collect(Collectors.joining()));
    }

    @Override
    public void close() throws IOException {
      closed++;
      IOException now = closeFailure;
      if (now != null) {
        throw now;
      }
    }
  }
}
