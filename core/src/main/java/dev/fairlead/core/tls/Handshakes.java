package dev.fairlead.core.tls;

import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.metrics.Metrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * TLS handshakes under way. None takes longer than ten seconds; when there are too many, the oldest
 * gives way, so that a flood of connections that say nothing keeps nobody out who does. Safe for
 * use by any thread.
 */
public final class Handshakes {

  /** How long a handshake may take. */
  public static final Duration LONGEST = Duration.ofSeconds(10);

  /** How many agents may be at it, as a fleet that lost its hub comes back at once. */
  public static final int MOST_OF_AGENTS = 1_024;

  /** What counts them; called on event loops. */
  public interface Counts {

    /**
     * A handshake was done.
     *
     * @param nanos how long it took
     */
    void handshake(long nanos);

    /** One was the oldest of too many. */
    void gaveWay();

    /** One took too long. */
    void late();

    /** One failed, or its client left. */
    void failed();
  }

  private final Time time;
  private final Newcomers underWay;
  private final HandshakeThreads threads;

  private Handshakes(HandshakeThreads threads, Time time, Newcomers underWay) {
    this.threads = threads;
    this.time = time;
    this.underWay = underWay;
  }

  /**
   * For a door to which anybody comes.
   *
   * @param threads where they are done
   * @param time ends those that take too long
   * @param most how many may be under way
   * @return none yet
   */
  public static Handshakes ofAnybody(HandshakeThreads threads, Time time, int most) {
    return new Handshakes(threads, time, new Newcomers(most));
  }

  /**
   * For a door of agents.
   *
   * @param threads where they are done
   * @param time ends those that take too long
   * @return none yet
   */
  public static Handshakes ofAgents(HandshakeThreads threads, Time time) {
    return new Handshakes(
        threads,
        time,
        new Newcomers(MOST_OF_AGENTS, time, Newcomers.GRACE_OF_AGENTS, threads.pace()));
  }

  /**
   * Adds a socket that takes connections whose handshakes these are: it pauses while more come than
   * can be served.
   *
   * @param listening the socket
   */
  public void pace(Channel listening) {
    threads.pace().add(taking -> listening.config().setAutoRead(taking));
  }

  /**
   * A handler for a connection that just came.
   *
   * @param context the door's
   * @param allocator the connection's
   * @return a handler whose handshake is done apart from the event loops, and which does not look
   *     at the time
   */
  public SslHandler handler(SslContext context, ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator, threads);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /**
   * Counts the handshakes of agents.
   *
   * @param metrics where to
   * @return the counts
   */
  public static Counts countsOfAgents(Metrics metrics) {
    Metrics.Counter gaveWay = metrics.counter(FairleadMetrics.REFUSALS, "agent-handshakes");
    Metrics.Counter late = metrics.counter(FairleadMetrics.REFUSALS, "agent-handshake-late");
    Metrics.Counter failed = metrics.counter(FairleadMetrics.REFUSALS, "agent-handshake-failed");
    return new Counts() {
      @Override
      public void handshake(long nanos) {
        // An agent has one in a day, so nobody looks at their length.
      }

      @Override
      public void gaveWay() {
        gaveWay.increment();
      }

      @Override
      public void late() {
        late.increment();
      }

      @Override
      public void failed() {
        failed.increment();
      }
    };
  }

  /**
   * Follows a connection until its handshake is over, however it ends.
   *
   * @param channel a connection that just came
   * @param tls its handler, of {@link #handler}
   * @param counts what counts it
   */
  public void begin(Channel channel, SslHandler tls, Counts counts) {
    long begun = time.nanoTime();
    underWay.add(
        channel,
        () -> {
          counts.gaveWay();
          channel.close();
        });
    Time.Scheduled timer =
        time.schedule(
            LONGEST,
            () -> {
              if (underWay.remove(channel)) {
                counts.late();
              }
              channel.close();
            });
    tls.handshakeFuture()
        .addListener(
            over -> {
              timer.cancel();
              boolean ended = underWay.remove(channel);
              if (over.isSuccess()) {
                counts.handshake(time.nanoTime() - begun);
              } else if (ended) {
                counts.failed();
              }
            });
  }

  /**
   * How many there are.
   *
   * @return the number at this moment
   */
  public int underWay() {
    return underWay.size();
  }
}
