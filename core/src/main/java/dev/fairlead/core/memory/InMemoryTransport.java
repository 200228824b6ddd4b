package dev.fairlead.core.memory;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A transport between a hub and agents in one process: no sockets and no TLS. An instance is one
 * address: one hub at a time listens on it, and any number of agents dial it. Safe for use by any
 * thread.
 *
 * <p>Each end owns its threads: those of {@link #hub()} begin with its start or the first pipe, and
 * end with its close; those of {@link #agent} likewise. The instance itself owns nothing and needs
 * no close.
 */
public final class InMemoryTransport {

  /**
   * How many bytes wait in one direction of a pipe before it is no longer ready, unless set
   * otherwise: 256 KiB.
   */
  public static final int DEFAULT_BUFFER_BYTES = 256 * 1024;

  private final AtomicReference<@Nullable InMemoryHubTransport> listening = new AtomicReference<>();
  private final @Nullable Executor executor;
  private final int bufferBytes;

  private InMemoryTransport(@Nullable Executor executor, int bufferBytes) {
    this.executor = executor;
    this.bufferBytes = bufferBytes;
  }

  /**
   * A transport with threads of its own.
   *
   * @return a new address
   */
  public static InMemoryTransport create() {
    return new InMemoryTransport(null, DEFAULT_BUFFER_BYTES);
  }

  /**
   * A transport that makes no threads: all callbacks, and the hub's {@link
   * dev.fairlead.api.transport.HubEndpoint#accept accepting} of pipes, are tasks of an executor, so
   * that a test decides when they run.
   *
   * @param executor runs each task once, later, never in the thread that hands it over
   * @return a new address
   */
  public static InMemoryTransport on(Executor executor) {
    return new InMemoryTransport(
        Objects.requireNonNull(executor, "executor"), DEFAULT_BUFFER_BYTES);
  }

  /**
   * The same kind of transport with another bound.
   *
   * @param bytes how many bytes wait in one direction of a pipe before it is no longer ready; at
   *     least 1
   * @return a new address
   * @throws IllegalArgumentException if {@code bytes} is less than 1
   */
  public InMemoryTransport buffering(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: at least 1)");
    }
    return new InMemoryTransport(executor, bytes);
  }

  /**
   * The hub's end. There may be several, but one alone can be started until it is closed.
   *
   * @return a transport that was not started
   */
  public HubTransport hub() {
    return new InMemoryHubTransport(this);
  }

  /**
   * An agent's end, that the hub trusts because it is in its own process. Certificates are not
   * looked at.
   *
   * @param cluster the cluster it serves
   * @param agentId its id
   * @return a transport whose pipes arrive as {@link Peer.Local}
   */
  public AgentTransport agent(ClusterName cluster, String agentId) {
    return new InMemoryAgentTransport(this, new Peer.Local(cluster, agentId));
  }

  /**
   * An agent's end that is known by its certificate, as over a network: it enrols first, and each
   * side's trust managers check the certificate that the other's key manager presents.
   *
   * @return a transport whose pipes arrive as {@link Peer.Certified}
   */
  public AgentTransport agent() {
    return new InMemoryAgentTransport(this, null);
  }

  int bufferBytes() {
    return bufferBytes;
  }

  Callbacks callbacks(String threadName) {
    return executor == null ? Callbacks.owned(threadName) : Callbacks.on(executor);
  }

  void listen(InMemoryHubTransport hub) {
    if (!listening.compareAndSet(null, hub)) {
      throw new TransportException(
          "in-memory address in use: another hub listens on this InMemoryTransport (close it first, or create a transport for"
              + " each hub)");
    }
  }

  void unlisten(InMemoryHubTransport hub) {
    listening.compareAndSet(hub, null);
  }

  InMemoryHubTransport listening() {
    InMemoryHubTransport hub = listening.get();
    if (hub == null) {
      throw new TransportException(
          "in-memory: no hub listens on this InMemoryTransport (is the hub started?)");
    }
    return hub;
  }
}
