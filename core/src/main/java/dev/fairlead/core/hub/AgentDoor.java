package dev.fairlead.core.hub;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.enrolment.AdmittedAgent;
import dev.fairlead.core.enrolment.Enrolments;
import dev.fairlead.core.fleet.FleetRegistry;
import io.netty.channel.EventLoopGroup;

/** Where agents come in, whatever the transport. */
final class AgentDoor implements HubEndpoint {

  private final Enrolments enrolments;
  private final FleetRegistry registry;
  private final TunnelCertificate certificate;
  private final EventLoopGroup loops;
  private final AgentGate gate;

  AgentDoor(
      Enrolments enrolments,
      FleetRegistry registry,
      TunnelCertificate certificate,
      EventLoopGroup loops,
      AgentGate gate) {
    this.enrolments = enrolments;
    this.registry = registry;
    this.certificate = certificate;
    this.loops = loops;
    this.gate = gate;
  }

  @Override
  public TlsMaterial tls() {
    return certificate.tls();
  }

  @Override
  public Enrolment enrol(InstallToken token, byte[] csr) {
    gate.enterCertificate();
    return enrolments.enrol(token, csr);
  }

  @Override
  public Enrolment renew(Peer peer, byte[] csr) {
    gate.enterCertificate();
    return enrolments.renew(peer, csr);
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    Runnable settled = gate.enterTunnel();
    AdmittedAgent agent;
    try {
      agent = enrolments.admit(peer);
      registry.begin(agent, pipe, loops.next(), settled);
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
