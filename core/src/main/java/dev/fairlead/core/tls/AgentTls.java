package dev.fairlead.core.tls;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Both ends' TLS as handlers, and who is at the agent's end. */
public final class AgentTls {

  private static final long HANDSHAKE_MILLIS = 10_000;

  private AgentTls() {}

  /**
   * The agent's end: it verifies the name it dialled.
   *
   * @param tls its key, if it has one, and whom it trusts
   * @param protocol the protocol it names by ALPN
   * @return a context for its connections
   */
  public static SslContext client(TlsMaterial tls, String protocol) {
    SslContextBuilder builder = SslContextBuilder.forClient().trustManager(trust(tls));
    for (KeyManager candidate : tls.keyManagers()) {
      if (candidate instanceof X509KeyManager key) {
        return build(builder.keyManager(key), protocol);
      }
    }
    return build(builder, protocol);
  }

  /**
   * The hub's end: it asks for a client certificate, and goes on without one or with any. Whoever
   * needs an agent asks {@link #peer}, which can say what is wrong better than an alert of TLS.
   *
   * @param tls its key and whom it trusts
   * @param protocols the protocols it takes by ALPN
   * @return a context for its connections
   */
  public static SslContext server(TlsMaterial tls, String... protocols) {
    for (KeyManager candidate : tls.keyManagers()) {
      if (candidate instanceof X509KeyManager key) {
        return build(
            SslContextBuilder.forServer(key)
                .trustManager(new UncheckedClients(trust(tls).getAcceptedIssuers()))
                .clientAuth(ClientAuth.OPTIONAL),
            protocols);
      }
    }
    throw new InvalidException("tls: no key (expected: the hub's X.509 key manager)");
  }

  private static SslContext build(SslContextBuilder builder, String... protocols) {
    try {
      return builder
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  protocols))
          .build();
    } catch (SSLException e) {
      throw new InvalidException("tls: this JVM cannot do it: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trust(TlsMaterial tls) {
    for (TrustManager candidate : tls.trustManagers()) {
      if (candidate instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new InvalidException("tls: no X.509 trust manager (expected: at least 1)");
  }

  /**
   * A handler for one connection to a hub.
   *
   * @param context such as {@link #client} makes
   * @param allocator the channel's
   * @param host the name that the hub's certificate must have
   * @param port the port, for session resumption
   * @return a handler
   */
  public static SslHandler handler(
      SslContext context, ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = context.newHandler(allocator, host, port);
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  /**
   * A handler for one connection of an agent.
   *
   * @param context such as {@link #server} makes
   * @param allocator the channel's
   * @param threads does the handshake's arithmetic
   * @return a handler
   */
  public static SslHandler handler(
      SslContext context, ByteBufAllocator allocator, HandshakeThreads threads) {
    SslHandler handler = context.newHandler(allocator, threads);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  /**
   * Who is at the agent's end. The certificate is validated here, whatever the handshake did about
   * it.
   *
   * @param session the connection's TLS session, or null if it has none
   * @param hub whom the hub trusts
   * @return the agent
   * @throws UnauthenticatedException if it showed no certificate, or one the hub does not accept
   */
  public static Peer.Certified peer(@Nullable SSLSession session, TlsMaterial hub) {
    X509Certificate[] chain = chain(session);
    try {
      trust(hub).checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
    } catch (CertificateException refused) {
      throw new UnauthenticatedException(
          "client certificate: "
              + refused.getMessage()
              + " (expected: the one the agent enrolled for)",
          refused);
    }
    return new Peer.Certified(chain[0]);
  }

  /**
   * Who is at the agent's end, as {@link #peer(SSLSession, TlsMaterial)} tells it, found out apart
   * from the event loop: a signature takes longer to verify than a request to pass.
   *
   * @param threads where
   * @param session the connection's TLS session, or null if it has none
   * @param hub whom the hub trusts
   * @param known gets the agent, on one of the threads
   * @param refused gets the reason why it is none, or is not looked at; on any thread
   */
  public static void peer(
      HandshakeThreads threads,
      @Nullable SSLSession session,
      TlsMaterial hub,
      Consumer<Peer> known,
      Consumer<FairleadException> refused) {
    try {
      threads.execute(
          () -> {
            try {
              known.accept(peer(session, hub));
            } catch (FairleadException refusal) {
              refused.accept(refusal);
            }
          });
    } catch (RejectedExecutionException full) {
      refused.accept(new LimitException("too many agents at once (expected: again later)", full));
    }
  }

  private static X509Certificate[] chain(@Nullable SSLSession session) {
    if (session == null) {
      throw new UnauthenticatedException("no TLS (expected: TLS with a client certificate)");
    }
    Certificate[] shown;
    try {
      shown = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException none) {
      throw new UnauthenticatedException(
          "no client certificate (expected: the one the agent enrolled for)", none);
    }
    X509Certificate[] chain = new X509Certificate[shown.length];
    for (int i = 0; i < shown.length; i++) {
      if (!(shown[i] instanceof X509Certificate certificate)) {
        throw new UnauthenticatedException("no X.509 client certificate (expected: one)");
      }
      chain[i] = certificate;
    }
    if (chain.length == 0) {
      throw new UnauthenticatedException("no X.509 client certificate (expected: one)");
    }
    return chain;
  }
}
