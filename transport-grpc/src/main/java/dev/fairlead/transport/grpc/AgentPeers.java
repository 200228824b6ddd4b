package dev.fairlead.transport.grpc;

import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Peer;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who is at the agent's end of a call, as the TLS handshake says. */
final class AgentPeers {

  private AgentPeers() {}

  static Peer of(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      throw new UnauthenticatedException("no TLS (expected: TLS with a client certificate)");
    }
    Certificate[] chain;
    try {
      chain = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException none) {
      throw new UnauthenticatedException(
          "no client certificate (expected: the one the agent enrolled for)", none);
    }
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      throw new UnauthenticatedException("no X.509 client certificate (expected: one)");
    }
    try {
      // A resumed TLS session skips the check of the handshake that it resumes.
      certificate.checkValidity();
    } catch (CertificateException outside) {
      throw new UnauthenticatedException(
          "client certificate: " + outside.getMessage() + " (expected: valid now)", outside);
    }
    return new Peer.Certified(certificate);
  }
}
