package dev.fairlead.transport.grpc;

import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.tls.AgentTls;
import io.grpc.Grpc;
import io.grpc.ServerCall;

/** Who is at the agent's end of a call, as the TLS handshake says. */
final class AgentPeers {

  private AgentPeers() {}

  /** Asks the hub again, as a resumed TLS session skips the checks of the one that it resumes. */
  static Peer of(ServerCall<?, ?> call, TlsMaterial hub) {
    return AgentTls.peer(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION), hub);
  }
}
