package dev.fairlead.gateway;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/** TLS as users are spoken to. */
final class DoorTls {

  private DoorTls() {}

  /**
   * TLS as the front door speaks it. All that decides whose certificates pass the handshake is
   * here; what they are good for is decided by whoever takes them.
   *
   * @param clients who issues certificates that clients may show; with none, they are not asked
   */
  static SslContext context(SslContextBuilder builder, List<X509Certificate> clients)
      throws SSLException {
    if (!clients.isEmpty()) {
      builder.clientAuth(ClientAuth.OPTIONAL).trustManager(clients);
    }
    return builder
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
