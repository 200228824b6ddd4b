package dev.fairlead.core.drain;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Relay;
import dev.fairlead.core.http.Reset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relays that are under way at some place, to be ended by kind. Safe for use by any thread. */
public final class RunningRelays {

  private static final Logger log = LoggerFactory.getLogger(RunningRelays.class);

  private final Set<Followed> running = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /** Nothing under way. */
  public RunningRelays() {}

  /**
   * Follows a relay, which is about to start, to its end.
   *
   * @param kind how long it lasts
   * @param loop where the relay may be ended: the event loop of its second stream
   * @param observer sees the relay's course, too
   * @return the observer to start the relay with
   */
  public Followed follow(Lasting kind, Executor loop, Relay.Observer observer) {
    return new Followed(kind, loop, observer);
  }

  /** Ends all watches, each between two events, and those that begin from now on. */
  public void endWatches() {
    draining = true;
    running.forEach(Followed::endIfWatch);
  }

  /**
   * Begins to drain: watches end, and what is left ends when its time is up.
   *
   * @param times how long requests and streams may go on
   * @param time when to end them
   */
  public void drain(DrainTimes times, Time time) {
    endWatches();
    if (running.isEmpty()) {
      return;
    }
    // A watch that is silent in the middle of an event has no better moment to come.
    time.schedule(
        times.requests(),
        () -> {
          cut(one -> one.kind == Lasting.REQUEST, Reset.INTERNAL);
          cut(one -> one.kind == Lasting.WATCH, Reset.CANCEL);
        });
    time.schedule(times.streams(), () -> cut(one -> one.kind == Lasting.STREAM, Reset.CANCEL));
  }

  private void cut(Predicate<Followed> which, Reset reason) {
    running.stream().filter(which).forEach(one -> one.onLoop(relay -> relay.abort(reason)));
  }

  /** One relay; sees its end. */
  public final class Followed implements Relay.Observer {

    private final Lasting kind;
    private final Executor loop;
    private final Relay.Observer observer;
    private @Nullable Relay relay;
    private boolean over;

    private Followed(Lasting kind, Executor loop, Relay.Observer observer) {
      this.kind = kind;
      this.loop = loop;
      this.observer = observer;
    }

    /**
     * Whether it is a watch.
     *
     * @return true if a drain ends it at once, after an event
     */
    public boolean isWatch() {
      return kind == Lasting.WATCH;
    }

    /**
     * The relay was started.
     *
     * @param started the relay, perhaps over by now
     */
    public void started(Relay started) {
      synchronized (this) {
        if (over) {
          return;
        }
        relay = started;
        running.add(this);
      }
      if (draining) {
        endIfWatch();
      }
    }

    private void endIfWatch() {
      if (kind == Lasting.WATCH) {
        onLoop(Relay::endAfterEvent);
      }
    }

    private void onLoop(Consumer<Relay> task) {
      Relay present;
      synchronized (this) {
        present = relay;
      }
      if (present == null) {
        return;
      }
      try {
        loop.execute(() -> task.accept(present));
      } catch (RejectedExecutionException e) {
        log.debug("the event loop is stopped, and the relay with it");
      }
    }

    @Override
    public void onRequestBytes(long total) {
      observer.onRequestBytes(total);
    }

    @Override
    public void onResponse(int status) {
      observer.onResponse(status);
    }

    @Override
    public void onComplete(long bytesIn, long bytesOut, @Nullable Reset reason) {
      synchronized (this) {
        over = true;
        running.remove(this);
      }
      observer.onComplete(bytesIn, bytesOut, reason);
    }
  }
}
