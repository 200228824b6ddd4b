package dev.fairlead.pki;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** Real TLS handshakes between two engines in memory. */
final class Tls {

  private final SSLEngine client;
  private final SSLEngine server;

  private Tls(SSLEngine client, SSLEngine server) {
    this.client = client;
    this.server = server;
  }

  /** The certificates each side saw once both are content. */
  record Seen(X509Certificate server, X509Certificate client) {}

  static SSLContext context(KeyManager[] keys, TrustManager... trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Tls dial(String protocol, String host, SSLContext client, SSLContext server) {
    SSLEngine dialling = client.createSSLEngine(host, 443);
    dialling.setUseClientMode(true);
    SSLParameters parameters = dialling.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {protocol});
    dialling.setSSLParameters(parameters);
    SSLEngine listening = server.createSSLEngine();
    listening.setUseClientMode(false);
    return new Tls(dialling, listening);
  }

  Tls demandClientCertificate() {
    server.setNeedClientAuth(true);
    return this;
  }

  /** Shakes hands; fails with the exception of the side that refused. */
  Seen shakeHands() throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
    client.beginHandshake();
    server.beginHandshake();
    boolean moving = true;
    while (moving) {
      moving = step(client, toClient, toServer);
      moving |= step(server, toServer, toClient);
    }
    if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new SSLException("the handshake is stuck");
    }
    return new Seen(
        (X509Certificate) client.getSession().getPeerCertificates()[0],
        server.getNeedClientAuth()
            ? (X509Certificate) server.getSession().getPeerCertificates()[0]
            : null);
  }

  private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      for (Runnable task = engine.getDelegatedTask(); task != null; ) {
        task.run();
        task = engine.getDelegatedTask();
      }
      return true;
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      return engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
    }
    in.flip();
    try {
      ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      return in.hasRemaining() && engine.unwrap(in, plain).bytesConsumed() > 0;
    } finally {
      in.compact();
    }
  }
}
