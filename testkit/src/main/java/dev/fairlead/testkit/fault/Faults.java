package dev.fairlead.testkit.fault;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.pipe.OpenPipes;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Faults of a network, switched on and off by a test, for all pipes that were wrapped with this
 * object. Without a fault a wrapped pipe behaves as the pipe inside. Wrap one side only: what is
 * stalled, delayed, split or lost is what this side would see. Safe for use by any thread; not to
 * be called from a pipe's callbacks.
 *
 * <p>Callbacks of wrapped pipes run on one thread, which {@link #close} stops.
 */
public final class Faults implements AutoCloseable {

  private final @Nullable Time time;
  private final ThreadPoolExecutor callbacks = DaemonThreads.one("fairlead-faults");
  private final Set<FaultyPipe> pipes = ConcurrentHashMap.newKeySet();

  private volatile boolean readsStalled;
  private volatile boolean writesStalled;
  private volatile int largestChunk = Pipe.MAX_CHUNK;
  private volatile Duration delay = Duration.ZERO;
  private volatile long bandwidth = Long.MAX_VALUE;

  // Guarded by pipes.
  private boolean closed;

  private Faults(@Nullable Time time) {
    this.time = time;
  }

  /**
   * A network without faults, and without a clock to delay by.
   *
   * @return faults of their own
   */
  public static Faults none() {
    return new Faults(null);
  }

  /**
   * A network without faults.
   *
   * @param time what delays are measured by, such as a {@link dev.fairlead.testkit.ManualTime}
   * @return faults of their own
   */
  public static Faults none(Time time) {
    return new Faults(Objects.requireNonNull(time, "time"));
  }

  /**
   * Puts the faults between a pipe and its user.
   *
   * @param pipe a pipe that was not started
   * @return a pipe that was not started
   * @throws IllegalStateException if these faults were closed
   */
  public Pipe wrap(Pipe pipe) {
    return wrap(pipe, new OpenPipes());
  }

  private FaultyPipe wrap(Pipe pipe, OpenPipes owner) {
    FaultyPipe faulty = new FaultyPipe(pipe, this, callbacks, owner);
    synchronized (pipes) {
      if (closed) {
        throw new IllegalStateException("the faulty network was closed (expected: open)");
      }
      pipes.add(faulty);
    }
    owner.add(faulty);
    return faulty;
  }

  void forget(FaultyPipe pipe) {
    pipes.remove(pipe);
  }

  /**
   * Puts the faults between an agent and its transport.
   *
   * @param transport an agent's transport
   * @return a transport whose pipes are wrapped, and which closes the other one
   */
  public AgentTransport wrap(AgentTransport transport) {
    OpenPipes owned = new OpenPipes();
    return new AgentTransport() {
      @Override
      public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
        return transport.enrol(tls, token, csr);
      }

      @Override
      public Enrolment renew(TlsMaterial tls, byte[] csr) {
        return transport.renew(tls, csr);
      }

      @Override
      public Pipe dial(TlsMaterial tls) {
        return wrap(transport.dial(tls), owned);
      }

      @Override
      public void close() {
        transport.close();
        owned.close(new TransportException("the transport was closed"));
      }
    };
  }

  /**
   * Puts the faults between a hub and its transport.
   *
   * @param transport a hub's transport
   * @return a transport whose pipes are wrapped, and which closes the other one
   */
  public HubTransport wrap(HubTransport transport) {
    OpenPipes owned = new OpenPipes();
    return new HubTransport() {
      @Override
      public void start(HubEndpoint endpoint) {
        transport.start(new FaultyEndpoint(endpoint, owned));
      }

      @Override
      public String address() {
        return transport.address();
      }

      @Override
      public void close() {
        transport.close();
        owned.close(new TransportException("the transport was closed"));
      }
    };
  }

  private final class FaultyEndpoint implements HubEndpoint {
    private final HubEndpoint endpoint;
    private final OpenPipes owned;

    FaultyEndpoint(HubEndpoint endpoint, OpenPipes owned) {
      this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
      this.owned = owned;
    }

    @Override
    public TlsMaterial tls() {
      return endpoint.tls();
    }

    @Override
    public Metrics metrics() {
      return endpoint.metrics();
    }

    @Override
    public Enrolment enrol(InstallToken token, byte[] csr) {
      return endpoint.enrol(token, csr);
    }

    @Override
    public Enrolment renew(Peer peer, byte[] csr) {
      return endpoint.renew(peer, csr);
    }

    @Override
    public void accept(Pipe pipe, Peer peer) {
      endpoint.accept(wrap(pipe, owned), peer);
    }
  }

  /** From now on nothing is delivered, and no demand reaches the transport. */
  public void stallReads() {
    readsStalled = true;
  }

  /** Delivers what was held back, and goes on. */
  public void resumeReads() {
    readsStalled = false;
    pipes.forEach(FaultyPipe::resumeReads);
  }

  /** From now on pipes are not ready to be written to. */
  public void stallWrites() {
    writesStalled = true;
  }

  /** Lets pipes be ready again. */
  public void resumeWrites() {
    writesStalled = false;
    pipes.forEach(FaultyPipe::resumeWrites);
  }

  /**
   * Splits what arrives.
   *
   * @param bytes the largest chunk to be delivered, 1 to {@link Pipe#MAX_CHUNK}
   * @throws IllegalArgumentException if {@code bytes} is out of range
   */
  public void splitInto(int bytes) {
    if (bytes < 1 || bytes > Pipe.MAX_CHUNK) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + " (expected: 1-" + Pipe.MAX_CHUNK + ")");
    }
    largestChunk = bytes;
  }

  /**
   * Delays what arrives: bytes, ends and orderly closes. A broken pipe is told at once.
   *
   * @param by how long; zero for what comes from now on to come at once, though not before what
   *     came earlier
   * @throws IllegalStateException if these faults have no clock
   */
  public void delay(Duration by) {
    if (time == null) {
      throw new IllegalStateException("no clock to delay by (expected: Faults.none(time))");
    }
    delay = Objects.requireNonNull(by, "by");
  }

  /**
   * Lets bytes arrive one after the other in each pipe, and no faster than this. Together with a
   * delay, what is on its way does not wait for the listener's demand, as in a network: up to
   * {@value FaultyPipe#MOST_TRAVELLING} chunks are on their way at once.
   *
   * @param bytesPerSecond at least 1; {@code Long.MAX_VALUE} for any number
   * @throws IllegalArgumentException if it is less than 1
   * @throws IllegalStateException if these faults have no clock
   */
  public void bandwidth(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "bytesPerSecond: " + bytesPerSecond + " (expected: at least 1)");
    }
    if (time == null) {
      throw new IllegalStateException("no clock to delay by (expected: Faults.none(time))");
    }
    bandwidth = bytesPerSecond;
  }

  /**
   * Breaks all present pipes: both sides are told.
   *
   * @param cause what this side is told
   */
  public void cut(Throwable cause) {
    pipes.forEach(pipe -> pipe.abort(cause));
  }

  /**
   * Makes the peers of all present pipes vanish, as when a machine loses its power: nothing arrives
   * any more, what is written goes nowhere, and neither side is told.
   */
  public void vanish() {
    pipes.forEach(FaultyPipe::vanish);
  }

  boolean readsStalled() {
    return readsStalled;
  }

  boolean writesStalled() {
    return writesStalled;
  }

  int largestChunk() {
    return largestChunk;
  }

  Duration delay() {
    return delay;
  }

  long bandwidth() {
    return bandwidth;
  }

  @Nullable Time time() {
    return time;
  }

  /** Closes all wrapped pipes, those that vanished too, wraps no more, and stops the thread. */
  @Override
  public void close() {
    synchronized (pipes) {
      closed = true;
    }
    TransportException closing = new TransportException("the faulty network was closed");
    for (FaultyPipe pipe : Set.copyOf(pipes)) {
      pipe.abort(closing);
      pipe.abortInside(closing);
      pipe.finish();
    }
    callbacks.shutdown();
  }
}
