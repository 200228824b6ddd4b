package dev.fairlead.core.memory;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.OpenPipes;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An agent's end: enrolment is a call of the hub's endpoint, a pipe is two queues. */
final class InMemoryAgentTransport implements AgentTransport {

  private final InMemoryTransport transport;
  private final Peer.@Nullable Local local;
  private final OpenPipes pipes = new OpenPipes();
  private final Callbacks callbacks;

  InMemoryAgentTransport(InMemoryTransport transport, Peer.@Nullable Local local) {
    this.transport = transport;
    this.local = local;
    this.callbacks = transport.callbacks("fairlead-memory-agent");
  }

  @Override
  public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(token, "token");
    byte[] copy = csr.clone();
    requireOpen();
    InMemoryHubTransport hub = transport.listening();
    if (local == null) {
      hub.trustedBy(tls);
    }
    return answer(() -> hub.endpoint().enrol(token, copy));
  }

  @Override
  public Enrolment renew(TlsMaterial tls, byte[] csr) {
    Objects.requireNonNull(tls, "tls");
    byte[] copy = csr.clone();
    requireOpen();
    InMemoryHubTransport hub = transport.listening();
    return answer(() -> hub.endpoint().renew(local == null ? hub.certified(tls) : local, copy));
  }

  /** As over a network, an unexpected failure of the hub is a transport's failure. */
  private static Enrolment answer(Supplier<Enrolment> call) {
    try {
      return call.get();
    } catch (FairleadException refusal) {
      throw Failures.sameKind(refusal);
    } catch (RuntimeException unexpected) {
      throw new TransportException("in-memory: the hub failed to answer", unexpected);
    }
  }

  @Override
  public Pipe dial(TlsMaterial tls) {
    Objects.requireNonNull(tls, "tls");
    requireOpen();
    InMemoryHubTransport hub;
    try {
      hub = transport.listening();
    } catch (TransportException nobody) {
      OpenPipes hubPipes = new OpenPipes();
      MemoryPipe.Pair pair =
          MemoryPipe.Pair.of(pipes, callbacks, hubPipes, callbacks, transport.bufferBytes());
      if (!pipes.add(pair.agent())) {
        throw new IllegalStateException("the agent transport is closed");
      }
      pair.agent().abort(nobody);
      return pair.agent();
    }
    return hub.connect(pipes, callbacks, tls, local);
  }

  private void requireOpen() {
    if (pipes.isClosed()) {
      throw new IllegalStateException("the agent transport is closed");
    }
  }

  @Override
  public void close() {
    if (pipes.close(new TransportException("in-memory: the agent's transport was closed"))) {
      callbacks.close();
    }
  }
}
