package dev.fairlead.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

  private final SystemTime time = new SystemTime();
  private final List<String> ran = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeTime() {
    time.close();
  }

  /** Holds the time's thread until the latch is released. */
  private CountDownLatch hold() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    time.schedule(
        Duration.ZERO,
        () -> {
          held.countDown();
          awaitQuietly(release);
        });
    assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
    return release;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("the task was interrupted", e);
    }
  }

  private void awaitScheduledWork() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    time.schedule(Duration.ZERO, () -> done.complete(null));
    done.get(60, TimeUnit.SECONDS);
  }

  @Test
  void runsATaskNoEarlierThanItWasScheduled() throws Exception {
    long begin = time.nanoTime();
    CompletableFuture<Long> ranAt = new CompletableFuture<>();
    time.schedule(Duration.ofMillis(20), () -> ranAt.complete(time.nanoTime()));
    assertThat(ranAt.get(60, TimeUnit.SECONDS) - begin).isGreaterThanOrEqualTo(20_000_000L);
  }

  @Test
  void runsTasksOneAfterTheOtherOnOneDaemonThread() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "task-" + i;
      time.schedule(
          Duration.ofSeconds(-1),
          () -> {
            threads.add(Thread.currentThread());
            ran.add(name);
          });
    }
    awaitScheduledWork();
    assertThat(ran).containsExactlyInAnyOrder("task-0", "task-1", "task-2");
    assertThat(threads).allMatch(Thread::isDaemon).containsOnly(threads.get(0));
  }

  @Test
  void cancelledTaskDoesNotRun() throws Exception {
    CountDownLatch release = hold();
    Time.Scheduled cancelled = time.schedule(Duration.ZERO, () -> ran.add("cancelled"));
    cancelled.cancel();
    cancelled.cancel();
    release.countDown();
    awaitScheduledWork();
    assertThat(ran).isEmpty();
  }

  @Test
  void cancellingATaskThatRanDoesNothing() throws Exception {
    Time.Scheduled done = time.schedule(Duration.ZERO, () -> ran.add("done"));
    awaitScheduledWork();
    done.cancel();
    assertThat(ran).containsExactly("done");
  }

  @Test
  void taskThatThrowsHindersNoOther() throws Exception {
    time.schedule(
        Duration.ZERO,
        () -> {
          throw new IllegalStateException("thrown on purpose");
        });
    time.schedule(Duration.ZERO, () -> ran.add("next"));
    awaitScheduledWork();
    assertThat(ran).containsExactly("next");
  }

  @Test
  void acceptsDelaysBeyondWhatNanosecondsCanSay() {
    time.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("too early")).cancel();
    time.schedule(Duration.ofSeconds(Long.MIN_VALUE), () -> {});
    assertThat(ran).isEmpty();
  }

  @Test
  void closingWaitsForTheRunningTaskAndDropsTheOthers() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    time.schedule(
        Duration.ZERO,
        () -> {
          running.countDown();
          awaitQuietly(release);
          ran.add("running");
        });
    running.await();
    time.schedule(Duration.ZERO, () -> ran.add("queued"));
    CompletableFuture<Void> closed = CompletableFuture.runAsync(time::close);
    while (!isClosed()) {
      Thread.onSpinWait();
    }
    assertThat(closed).isNotDone();
    release.countDown();
    closed.get(60, TimeUnit.SECONDS);
    assertThat(ran).containsExactly("running");
  }

  private boolean isClosed() {
    try {
      time.schedule(Duration.ofHours(1), () -> {}).cancel();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Test
  void refusesTasksOnceClosed() {
    time.close();
    time.close();
    assertThatThrownBy(() -> time.schedule(Duration.ZERO, () -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void taskMayCloseTheTimeItRunsOn() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    time.schedule(
        Duration.ZERO,
        () -> {
          time.close();
          closed.complete(null);
        });
    closed.get(60, TimeUnit.SECONDS);
  }
}
