package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.memory.InMemoryTransport;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thing that a transport does wrong. As it is it does everything right; flaws override what
 * they do wrong, and say so each time.
 */
class Flaw {

  private final AtomicInteger strikes = new AtomicInteger();
  private final InMemoryTransport memory = InMemoryTransport.create();
  private final Queue<AutoCloseable> inside = new ConcurrentLinkedQueue<>();

  /** Something was just done wrong. */
  final void strike() {
    strikes.incrementAndGet();
  }

  final boolean hasStruck() {
    return strikes.get() > 0;
  }

  final InMemoryTransport memory() {
    return memory;
  }

  final HubTransport hub() {
    HubTransport hub = memory.hub();
    inside.add(hub);
    return new FlawedHub(hub);
  }

  final AgentTransport agent() {
    AgentTransport agent = memory.agent();
    inside.add(agent);
    return new FlawedAgent(agent);
  }

  /** Closes what a flaw may have left open. */
  final void closeInside() throws Exception {
    for (AutoCloseable closeable : inside) {
      closeable.close();
    }
  }

  Pipe atAgent(Pipe pipe) {
    return pipe;
  }

  Pipe atHub(Pipe pipe) {
    return pipe;
  }

  Pipe dial(AgentTransport agent, TlsMaterial tls) {
    return agent.dial(tls);
  }

  Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
    return agent.enrol(tls, token, csr);
  }

  Enrolment renew(AgentTransport agent, TlsMaterial tls, byte[] csr) {
    return agent.renew(tls, csr);
  }

  void close(AgentTransport agent) {
    agent.close();
  }

  void start(HubTransport hub, HubEndpoint endpoint) {
    hub.start(endpoint);
  }

  void close(HubTransport hub) {
    hub.close();
  }

  TlsMaterial tls(HubEndpoint endpoint) {
    return endpoint.tls();
  }

  void accept(HubEndpoint endpoint, Pipe pipe, Peer peer) {
    endpoint.accept(pipe, peer);
  }

  private final class FlawedAgent implements AgentTransport {
    private final AgentTransport agent;

    FlawedAgent(AgentTransport agent) {
      this.agent = agent;
    }

    @Override
    public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
      return Flaw.this.enrol(agent, tls, token, csr);
    }

    @Override
    public Enrolment renew(TlsMaterial tls, byte[] csr) {
      return Flaw.this.renew(agent, tls, csr);
    }

    @Override
    public Pipe dial(TlsMaterial tls) {
      return atAgent(Flaw.this.dial(agent, tls));
    }

    @Override
    public void close() {
      Flaw.this.close(agent);
    }
  }

  private final class FlawedHub implements HubTransport {
    private final HubTransport hub;

    FlawedHub(HubTransport hub) {
      this.hub = hub;
    }

    @Override
    public void start(HubEndpoint endpoint) {
      Flaw.this.start(hub, new FlawedEndpoint(endpoint));
    }

    @Override
    public String address() {
      return hub.address();
    }

    @Override
    public void close() {
      Flaw.this.close(hub);
    }
  }

  private final class FlawedEndpoint implements HubEndpoint {
    private final HubEndpoint endpoint;

    FlawedEndpoint(HubEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public TlsMaterial tls() {
      return Flaw.this.tls(endpoint);
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
      Flaw.this.accept(endpoint, atHub(pipe), peer);
    }
  }
}
