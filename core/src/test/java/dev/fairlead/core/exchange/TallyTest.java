package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TallyTest {

  @Test
  void countsEachKeyUpToTheCapAndForgetsKeysWithNothing() {
    Tally<String> tally = new Tally<>(2);
    assertThat(tally.take("a")).isTrue();
    assertThat(tally.take("a")).isTrue();
    assertThat(tally.take("a")).isFalse();
    assertThat(tally.take("b")).isTrue();
    assertThat(tally.keys()).isEqualTo(2);

    tally.release("a");
    assertThat(tally.take("a")).isTrue();
    tally.release("a");
    tally.release("a");
    tally.release("b");
    assertThat(tally.keys()).isZero();
  }

  @Test
  void neverMoreThanTheCapHoweverManyTakeAtOnce() throws InterruptedException {
    int cap = 5;
    Tally<String> tally = new Tally<>(cap);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      threads.add(
          new Thread(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                for (int i = 0; i < 20_000; i++) {
                  if (tally.take("a")) {
                    taken.incrementAndGet();
                    worst.accumulateAndGet(held.incrementAndGet(), Math::max);
                    held.decrementAndGet();
                    tally.release("a");
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(worst.get()).isLessThanOrEqualTo(cap);
    assertThat(taken.get()).isPositive();
    assertThat(tally.keys()).isZero();
  }
}
