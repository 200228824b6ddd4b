package dev.fairlead.testkit.fleet;

import dev.fairlead.testkit.ManualTime;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * The time of a fleet. It moves in small steps, and after each lets hub and agents do what became
 * due, so that those that live answer in time.
 */
public final class FleetClock {

  private static final Duration STEP = Duration.ofMillis(500);

  /** More than the threads that a question and its answer pass one after the other. */
  private static final int ROUNDS = 12;

  private final ManualTime time;
  private final ThreadPoolExecutor pipes;
  private final EventLoopGroup loops;

  FleetClock(ManualTime time, ThreadPoolExecutor pipes, EventLoopGroup loops) {
    this.time = time;
    this.pipes = pipes;
    this.loops = loops;
  }

  /**
   * The wall clock.
   *
   * @return the fleet's present moment
   */
  public Instant instant() {
    return time.instant();
  }

  /**
   * Moves time on.
   *
   * @param by how far; zero only lets everybody do what is due
   * @throws IllegalArgumentException if {@code by} is negative
   */
  public void advance(Duration by) {
    settle();
    Duration left = by;
    while (left.compareTo(STEP) > 0) {
      time.advance(STEP);
      left = left.minus(STEP);
      settle();
    }
    time.advance(left);
    settle();
  }

  /** Lets all threads of the fleet run what they have to, round after round. */
  void settle() {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        pipes.submit(() -> {}).get();
        for (EventExecutor loop : loops) {
          loop.submit(() -> {}).get();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
