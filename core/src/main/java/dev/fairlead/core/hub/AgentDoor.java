package dev.fairlead.core.hub;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.enrolment.AdmittedAgent;
import dev.fairlead.core.enrolment.Enrolments;
import dev.fairlead.core.exchange.EarlyRefusals;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.pki.AgentSubject;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Where agents come in, whatever the transport. */
final class AgentDoor implements HubEndpoint {

  private final Enrolments enrolments;
  private final FleetRegistry registry;
  private final TlsMaterial tls;
  private final EventLoopGroup loops;
  private final AgentGate gate;
  private final Metrics metrics;
  private final Journal journal;
  private final EarlyRefusals refusals;

  AgentDoor(
      Enrolments enrolments,
      FleetRegistry registry,
      TlsMaterial tls,
      EventLoopGroup loops,
      AgentGate gate,
      Metrics metrics,
      Journal journal,
      EarlyRefusals refusals) {
    this.enrolments = enrolments;
    this.registry = registry;
    this.tls = tls;
    this.loops = loops;
    this.gate = gate;
    this.metrics = metrics;
    this.journal = journal;
    this.refusals = refusals;
  }

  @Override
  public TlsMaterial tls() {
    return tls;
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public Enrolment enrol(InstallToken token, byte[] csr) {
    gate.enterCertificate();
    return recorded(
        "create",
        Map.of("fairlead.dev/install-token", token.id()),
        () -> enrolments.enrol(token, csr));
  }

  @Override
  public Enrolment renew(Peer peer, byte[] csr) {
    gate.enterCertificate();
    return recorded("update", Map.of(), () -> enrolments.renew(peer, csr));
  }

  /** Hands out no certificate that is not on record. */
  private Enrolment recorded(String verb, Map<String, String> facts, Supplier<Enrolment> signing) {
    Enrolment enrolment;
    try {
      enrolment = signing.get();
    } catch (RuntimeException e) {
      AuditEvent refused = journal.about(verb, "agents", "", null);
      refusals.record(
          refused.reached(refused.stage(), refused.at(), null, facts),
          Journal.codeOf(e),
          String.valueOf(e.getMessage()));
      throw e;
    }
    X509Certificate certificate = enrolment.chain().get(0);
    AgentSubject agent = AgentSubject.of(certificate);
    Map<String, String> more = new HashMap<>(facts);
    more.put("fairlead.dev/certificate", certificate.getSerialNumber().toString(16));
    more.put("fairlead.dev/expires", certificate.getNotAfter().toInstant().toString());
    journal.require(
        journal.completed(
            journal.about(verb, "agents", agent.agentId(), agent.cluster()),
            verb.equals("create") ? 201 : 200,
            more));
    return enrolment;
  }

  /** The pipe's own, if that is one of the hub's, so that bytes change no thread. */
  private EventLoop loopOf(Pipe pipe) {
    if (pipe instanceof ChannelPipe carried) {
      for (EventExecutor loop : loops) {
        if (loop == carried.loop()) {
          return carried.loop();
        }
      }
    }
    return loops.next();
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    Runnable settled = gate.enterTunnel();
    AdmittedAgent agent;
    try {
      agent = enrolments.admit(peer);
      registry.begin(agent, pipe, loopOf(pipe), settled);
    } catch (RuntimeException e) {
      settled.run();
      throw e;
    }
    try {
      // Who was revoked since is not among those whose tunnels were closed then.
      enrolments.admit(peer);
    } catch (UnauthenticatedException e) {
      registry.expel(agent.agentId());
    }
  }
}
