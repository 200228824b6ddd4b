package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests go on before they are on record, for as long as a buffer has room: for those to
 * whom going on is worth more than a record of everything. An event's stage completes when the
 * event is in the buffer; what is in it when the process dies is lost. When the buffer is full,
 * stages fail, and the requests they stand for are refused.
 *
 * <p>What the sink behind it does not take is offered again every second, in its order. What is
 * left when this is closed is lost; that is logged as an error and counted by {@link
 * FairleadMetrics#AUDIT_LOST}, as {@link FairleadMetrics#AUDIT_BUFFERED} tells what waits. Events
 * of one request keep their order, unless the sink behind takes a later one while it refuses an
 * earlier one.
 */
public final class BufferedAuditSink implements AuditSink {

  private static final Logger log = LoggerFactory.getLogger(BufferedAuditSink.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 256;
  private static final long PATIENCE_SECONDS = 10;

  private final AuditSink sink;
  private final int capacity;
  private final Time time;
  private final Metrics.Counter lost;
  private final Metrics.Gauge buffered;
  private final Object lock = new Object();
  private final ArrayDeque<AuditEvent> waiting = new ArrayDeque<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private int offered;
  private boolean offering;
  private boolean failing;
  private boolean closed;

  private BufferedAuditSink(AuditSink sink, int capacity, Metrics metrics, Time time) {
    this.sink = sink;
    this.capacity = capacity;
    this.time = time;
    this.lost = metrics.counter(FairleadMetrics.AUDIT_LOST);
    this.buffered = metrics.gauge(FairleadMetrics.AUDIT_BUFFERED, this::size);
  }

  /**
   * A buffer before a sink.
   *
   * @param sink takes the events; closed with the buffer
   * @param capacity how many events may wait; positive
   * @param metrics counts what waits and what is lost
   * @param time the clock
   * @return the buffer
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static BufferedAuditSink before(AuditSink sink, int capacity, Metrics metrics, Time time) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 or more)");
    }
    return new BufferedAuditSink(
        Objects.requireNonNull(sink, "sink"), capacity, metrics, Objects.requireNonNull(time));
  }

  private int size() {
    synchronized (lock) {
      return waiting.size() + offered;
    }
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    Objects.requireNonNull(event, "event");
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedStage(new AuditException("audit buffer: closed", null));
      }
      if (waiting.size() + offered >= capacity) {
        return CompletableFuture.failedStage(
            new AuditException("audit buffer: full, " + capacity + " events wait", null));
      }
      waiting.add(event);
    }
    offer();
    return CompletableFuture.completedStage(null);
  }

  /** Offers what waits, some at a time, until nothing does or some is not taken. */
  private void offer() {
    while (true) {
      List<AuditEvent> some = new ArrayList<>();
      CompletableFuture<Void> done = new CompletableFuture<>();
      synchronized (lock) {
        if (offering || failing || waiting.isEmpty()) {
          return;
        }
        while (some.size() < AT_ONCE && !waiting.isEmpty()) {
          some.add(waiting.remove());
        }
        offered = some.size();
        offering = true;
        idle = done;
      }
      List<CompletableFuture<Void>> answers = new ArrayList<>(some.size());
      for (AuditEvent event : some) {
        answers.add(take(event));
      }
      CompletableFuture<Void> all =
          CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
      boolean atOnce = all.isDone();
      all.whenComplete((nothing, failure) -> settle(some, answers, done, !atOnce));
      if (!atOnce) {
        return;
      }
    }
  }

  private CompletableFuture<Void> take(AuditEvent event) {
    try {
      return sink.append(event).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void settle(
      List<AuditEvent> some,
      List<CompletableFuture<Void>> answers,
      CompletableFuture<Void> done,
      boolean goOn) {
    boolean refused = false;
    synchronized (lock) {
      for (int i = some.size() - 1; i >= 0; i--) {
        if (answers.get(i).isCompletedExceptionally()) {
          waiting.addFirst(some.get(i));
          refused = true;
        }
      }
      if (refused && !failing) {
        log.error("audit buffer: the sink refuses events; {} wait", waiting.size());
      }
      offered = 0;
      offering = false;
      failing = refused;
    }
    if (refused) {
      again();
    }
    done.complete(null);
    if (goOn && !refused) {
      offer();
    }
  }

  private void again() {
    synchronized (lock) {
      if (closed) {
        return;
      }
    }
    time.schedule(
        PAUSE,
        () -> {
          synchronized (lock) {
            failing = false;
          }
          offer();
        });
  }

  /** Offers what waits once more, waits for the answers some seconds, and closes the sink. */
  @Override
  public void close() {
    CompletableFuture<Void> under;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      under = idle;
    }
    await(under);
    for (int left = size(); left > 0; left = size()) {
      synchronized (lock) {
        failing = false;
      }
      offer();
      synchronized (lock) {
        under = idle;
      }
      await(under);
      if (size() >= left) {
        break;
      }
    }
    int unwritten = size();
    if (unwritten > 0) {
      lost.add(unwritten);
      log.error("audit buffer: {} events are lost, the sink does not take them", unwritten);
    }
    buffered.close();
    sink.close();
  }

  private static void await(CompletableFuture<Void> under) {
    try {
      under.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("audit buffer: the sink does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
