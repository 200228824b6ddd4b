package dev.fairlead.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HandshakeThreadsTest {

  private final HandshakeThreads threads = new HandshakeThreads("test-tls");
  private final BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
  private final Semaphore allowed = new Semaphore(0);

  @AfterEach
  void close() {
    threads.close();
  }

  private void queue(int tasks) {
    for (int i = 0; i < tasks; i++) {
      threads.execute(allowed::acquireUninterruptibly);
    }
  }

  @Test
  void takesNoMoreThanHalfOfTheProcessors() throws Exception {
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Queue<Thread> seen = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 8 * half; i++) {
      threads.execute(
          () -> {
            seen.add(Thread.currentThread());
            allowed.acquireUninterruptibly();
          });
    }
    allowed.release(8 * half);
    CompletableFuture<Void> after = new CompletableFuture<>();
    threads.execute(() -> after.complete(null));
    after.get(10, TimeUnit.SECONDS);
    assertThat(seen.stream().distinct().count()).isBetween(1L, (long) half);
    assertThat(seen).doesNotContain(Thread.currentThread());
  }

  @Test
  void aDoorPausesWhileMoreComeThanAreServed() throws Exception {
    threads.pace().add(told::add);
    queue(HandshakeThreads.BUSY - 1);
    assertThat(told).isEmpty();
    queue(1);
    assertThat(told.poll(10, TimeUnit.SECONDS)).isFalse();
    queue(10);
    assertThat(told).isEmpty();
    allowed.release(HandshakeThreads.BUSY + 10 - HandshakeThreads.CALM);
    assertThat(told.poll(10, TimeUnit.SECONDS)).isTrue();
    allowed.release(HandshakeThreads.CALM);
  }

  @Test
  void aDoorPausesAgain() throws Exception {
    threads.pace().add(told::add);
    for (int time = 0; time < 3; time++) {
      queue(HandshakeThreads.BUSY);
      assertThat(told.poll(10, TimeUnit.SECONDS)).isFalse();
      allowed.release(HandshakeThreads.BUSY);
      assertThat(told.poll(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aTaskThatFailsCountsNoLonger() throws Exception {
    threads.pace().add(told::add);
    for (int i = 0; i < HandshakeThreads.BUSY; i++) {
      threads.execute(
          () -> {
            allowed.acquireUninterruptibly();
            throw new IllegalStateException("expected by the test");
          });
    }
    assertThat(told.poll(10, TimeUnit.SECONDS)).isFalse();
    allowed.release(HandshakeThreads.BUSY);
    assertThat(told.poll(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void doesNothingAfterItsEnd() {
    threads.close();
    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
