package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.testkit.TestAuthority;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * What the cases stand on: a transport under test, its certificates, and ends of pipes that note
 * every breach.
 */
abstract class TransportFixture {

  /** One end of a connected pipe. */
  record End(Pipe pipe, Recorder seen) {

    void send(byte[] bytes) {
      pipe.write(ByteBuffer.wrap(bytes));
    }

    void request(int chunks) {
      seen.request(chunks);
    }
  }

  /** Both ends of a connected pipe. */
  record Connection(End agent, End hub) {}

  private static final TestAuthority AUTHORITY = TestAuthority.create();
  private static final TlsMaterial HUB = AUTHORITY.server();
  private static final TlsMaterial AGENT = AUTHORITY.client("agent");

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final List<Recorder> recorders = new ArrayList<>();
  private final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();
  private @Nullable HubTransport listening;
  private @Nullable AgentTransport dialling;

  /**
   * Makes the hub's end of the transport.
   *
   * @param address where an earlier one of this test listened, to listen there again; null for any
   *     free address
   * @return a transport that was not started
   */
  protected abstract HubTransport hub(@Nullable String address);

  /**
   * Makes an agent's end of the transport.
   *
   * @param address what {@link HubTransport#address} says
   * @return an agent that dials there
   */
  protected abstract AgentTransport agent(String address);

  /**
   * What the hub brings along.
   *
   * @return a key for {@code localhost} and {@code 127.0.0.1}, and trust in the agents
   */
  protected TlsMaterial hubTls() {
    return HUB;
  }

  /**
   * What the agent brings along.
   *
   * @return a key that the hub trusts, and trust in the hub
   */
  protected TlsMaterial agentTls() {
    return AGENT;
  }

  /**
   * How long a case waits for something that has to happen before it fails. Asked again and again
   * while it waits.
   *
   * @return 30 s, unless overridden
   */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /**
   * How many bytes one direction of a pipe may take while nobody reads.
   *
   * @return 4 MiB, unless overridden
   */
  protected long mostBytesInFlight() {
    return 4L << 20;
  }

  /**
   * Whether hub and agent check each other's certificates.
   *
   * @return true, unless overridden by a transport that never leaves the process
   */
  protected boolean checksCertificates() {
    return true;
  }

  TestAuthority authority() {
    return AUTHORITY;
  }

  HubTransport newHub() {
    return closing(hub(null));
  }

  <T extends AutoCloseable> T closing(T closeable) {
    toClose.push(closeable);
    return closeable;
  }

  Recorder recorder(String name) {
    Recorder recorder = new Recorder(name, this::patience);
    synchronized (recorders) {
      recorders.add(recorder);
    }
    return recorder;
  }

  /** A hub that takes every pipe; {@link #accepted} has its ends. */
  FakeEndpoint welcoming() {
    return new FakeEndpoint(
        hubTls(),
        (pipe, peer) -> {
          End end = new End(new WatchedPipe(pipe), recorder("hub"));
          end.pipe().start(end.seen());
          accepted.add(end);
        });
  }

  HubTransport listen() {
    HubTransport hub = listening;
    if (hub == null) {
      hub = newHub();
      hub.start(welcoming());
      listening = hub;
      dialling = closing(agent(hub.address()));
    }
    return hub;
  }

  AgentTransport dialler() {
    listen();
    return Objects.requireNonNull(dialling);
  }

  End accepted() {
    Deadline deadline = new Deadline(this::patience);
    try {
      while (true) {
        End end = accepted.poll(deadline.nanosToWait(), TimeUnit.NANOSECONDS);
        if (end != null) {
          return end;
        }
        if (deadline.hasPassed()) {
          throw new AssertionError("the hub got no pipe within " + patience());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** Waits for a latch that another thread counts down. */
  final void awaitCount(CountDownLatch latch) {
    Deadline.await(latch, this::patience);
  }

  End dial(AgentTransport transport) {
    return dial(transport, agentTls());
  }

  End dial(AgentTransport transport, TlsMaterial tls) {
    End end = new End(new WatchedPipe(transport.dial(tls)), recorder("agent"));
    end.pipe().start(end.seen());
    return end;
  }

  /** A pipe whose ends are both ready. */
  Connection connect() {
    End agent = dial(dialler());
    End hub = accepted();
    agent.seen().awaitReadies(1);
    hub.seen().awaitReadies(1);
    return new Connection(agent, hub);
  }

  /**
   * Runs a task on a thread of its own. The common pool has one thread on a machine with two cores,
   * where two tasks that wait for each other's bytes would never both run.
   */
  static CompletableFuture<Void> aside(Runnable task) {
    return CompletableFuture.runAsync(
        task,
        command -> {
          Thread thread = new Thread(command, "conformance-aside");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** Writes all bytes in pieces of random size, as fast as the pipe is ready. */
  static void pump(End from, byte[] bytes, long seed) {
    Random random = new Random(seed);
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      int seen = from.seen().readies();
      if (!from.pipe().isReady()) {
        from.seen().awaitReadies(seen + 1);
        continue;
      }
      int size = Math.min(all.remaining(), 1 + random.nextInt(Pipe.MAX_CHUNK));
      from.pipe().write(all.slice(all.position(), size));
      all.position(all.position() + size);
    }
  }

  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  final void nothingWasBreached() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
    synchronized (recorders) {
      assertThat(recorders)
          .flatExtracting(Recorder::breaches)
          .as("breaches of the listener's contract")
          .isEmpty();
    }
  }
}
