package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.audit.AuditSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AuditSink} has to do. Extend it with a sink of your own that has room for 1,000
 * events.
 */
public abstract class AuditSinkConformance {

  private static final long PATIENCE_SECONDS = 60;

  private AuditSink sink;

  /** For subclasses. */
  protected AuditSinkConformance() {}

  /**
   * Makes an empty sink, which the kit closes.
   *
   * @return what is to be tested
   * @throws Exception if that fails
   */
  protected abstract AuditSink create() throws Exception;

  /**
   * What the sink that was made last has written: all events whose stages completed are there.
   *
   * @return the audit ids, in the order of writing
   * @throws Exception if that cannot be told
   */
  protected abstract List<String> written() throws Exception;

  @BeforeEach
  final void make() throws Exception {
    sink = create();
  }

  @AfterEach
  final void close() {
    sink.close();
  }

  @Test
  void whatIsAcknowledgedIsWritten() throws Exception {
    await(sink.append(SampleEvents.received("a")));
    await(sink.append(SampleEvents.completed("b", 200)));
    assertThat(written()).containsExactly("a", "b");
  }

  @Test
  void eventsOfOneThreadKeepTheirOrder() throws Exception {
    List<CompletionStage<Void>> all = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ids.add("e" + i);
      all.add(sink.append(SampleEvents.received("e" + i)));
    }
    for (CompletionStage<Void> one : all) {
      await(one);
    }
    assertThat(written()).isEqualTo(ids);
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String name = "t" + t + "-";
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 50; i++) {
                    await(sink.append(SampleEvents.received(name + i)));
                  }
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              },
              "audit-kit");
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    List<String> written = written();
    assertThat(written).hasSize(200).doesNotHaveDuplicates();
    for (int t = 0; t < 4; t++) {
      String name = "t" + t + "-";
      List<String> own = written.stream().filter(id -> id.startsWith(name)).toList();
      for (int i = 0; i < 50; i++) {
        assertThat(own.get(i)).isEqualTo(name + i);
      }
    }
  }

  @Test
  void hostileTextIsOneEventLikeAnyOther() throws Exception {
    await(sink.append(SampleEvents.hostile("a")));
    await(sink.append(SampleEvents.received("b")));
    assertThat(written()).containsExactly("a", "b");
  }

  @Test
  void closeWritesWhatWasAccepted() throws Exception {
    List<CompletionStage<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(sink.append(SampleEvents.received("e" + i)));
    }
    sink.close();
    for (CompletionStage<Void> one : all) {
      await(one);
    }
    assertThat(written()).hasSize(20);
  }

  @Test
  void whatComesAfterCloseFailsByItsStage() throws Exception {
    await(sink.append(SampleEvents.received("a")));
    sink.close();
    sink.close();
    CompletionStage<Void> late = sink.append(SampleEvents.received("b"));
    assertThatThrownBy(() -> await(late))
        .isInstanceOfAny(ExecutionException.class, CompletionException.class);
    assertThat(written()).containsExactly("a");
  }

  @Test
  void continuationMayAppend() throws Exception {
    await(
        sink.append(SampleEvents.received("a"))
            .thenCompose(nothing -> sink.append(SampleEvents.received("b"))));
    assertThat(written()).containsExactly("a", "b");
  }

  private static void await(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
