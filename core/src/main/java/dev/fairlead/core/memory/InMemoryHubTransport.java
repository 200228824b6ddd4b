package dev.fairlead.core.memory;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.pipe.OpenPipes;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's end: accepts on threads of its own, as the endpoint may block, and calls back on
 * another.
 */
final class InMemoryHubTransport implements HubTransport {

  private static final Logger LOG = LoggerFactory.getLogger(InMemoryHubTransport.class);
  private static final int ACCEPT_THREADS = 4;
  private static final int ACCEPT_QUEUE = 1024;
  private static final int CLOSE_SECONDS = 10;

  private final InMemoryTransport transport;
  private final OpenPipes pipes = new OpenPipes();
  private final Callbacks callbacks;
  private final Executor accepts;
  private final @Nullable ThreadPoolExecutor acceptThreads;
  private final AtomicReference<@Nullable HubEndpoint> endpoint = new AtomicReference<>();

  InMemoryHubTransport(InMemoryTransport transport) {
    this.transport = transport;
    this.callbacks = transport.callbacks("fairlead-memory-hub");
    if (callbacks.borrowed()) {
      this.acceptThreads = null;
      this.accepts = callbacks;
    } else {
      ThreadPoolExecutor threads =
          DaemonThreads.blocking("fairlead-memory-accept", ACCEPT_THREADS, ACCEPT_QUEUE);
      this.acceptThreads = threads;
      this.accepts = threads;
    }
  }

  @Override
  public void start(HubEndpoint newEndpoint) {
    Objects.requireNonNull(newEndpoint, "endpoint");
    if (pipes.isClosed()) {
      throw new IllegalStateException("the hub transport was closed before");
    }
    if (!endpoint.compareAndSet(null, newEndpoint)) {
      throw new IllegalStateException("the hub transport was started before");
    }
    transport.listen(this);
    if (pipes.isClosed()) {
      transport.unlisten(this);
    }
  }

  @Override
  public String address() {
    return "in-memory";
  }

  HubEndpoint endpoint() {
    return Objects.requireNonNull(endpoint.get(), "endpoint");
  }

  /** The agent's part of a handshake: whether it trusts this hub. */
  void trustedBy(TlsMaterial tls) {
    Certificates.verifyHub(tls, endpoint().tls());
  }

  Peer certified(TlsMaterial tls) {
    trustedBy(tls);
    return Certificates.verifyAgent(tls, endpoint().tls());
  }

  /** Connects an agent: its end at once, the hub's end when the endpoint has accepted it. */
  Pipe connect(
      OpenPipes agentPipes, Executor agentCallbacks, TlsMaterial tls, Peer.@Nullable Local local) {
    MemoryPipe.Pair pair =
        MemoryPipe.Pair.of(agentPipes, agentCallbacks, pipes, callbacks, transport.bufferBytes());
    if (!agentPipes.add(pair.agent())) {
      throw new IllegalStateException("the agent transport is closed");
    }
    if (!pipes.add(pair.hub())) {
      pair.hub().abort(new TransportException("in-memory: the hub was closed"));
      return pair.agent();
    }
    try {
      accepts.execute(() -> accept(pair.hub(), tls, local));
    } catch (RejectedExecutionException full) {
      pair.hub()
          .abort(
              pipes.isClosed()
                  ? new TransportException("in-memory: the hub was closed", full)
                  : new LimitException(
                      "in-memory: " + ACCEPT_QUEUE + " agents wait to be accepted", full));
    }
    return pair.agent();
  }

  private void accept(MemoryPipe pipe, TlsMaterial tls, Peer.@Nullable Local local) {
    if (pipes.isClosed()) {
      return;
    }
    try {
      endpoint().accept(pipe, local == null ? certified(tls) : local);
    } catch (FairleadException refusal) {
      pipe.abort(refusal);
    } catch (RuntimeException unexpected) {
      if (!pipes.isClosed()) {
        LOG.error("the hub failed to accept a pipe", unexpected);
      }
      pipe.abort(unexpected);
    }
  }

  @Override
  public void close() {
    transport.unlisten(this);
    if (pipes.close(new TransportException("in-memory: the hub was closed"))) {
      callbacks.close();
      awaitAccepts();
    }
  }

  /**
   * What the endpoint still does for a pipe ends with the pipe; an interrupt tells a store that
   * blocks.
   */
  private void awaitAccepts() {
    if (acceptThreads == null) {
      return;
    }
    acceptThreads.shutdownNow();
    try {
      if (!acceptThreads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the hub still accepts a pipe {} s after its transport was closed", CLOSE_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
