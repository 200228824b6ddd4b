package dev.fairlead.core.inner;

/**
 * What is spoken within inner TLS, told apart by ALPN; each in frames of {@link InnerEncoder}.
 *
 * <p>A tunnel begins with the hub's OPEN, and then carries a pipe's bytes both ways. A request for
 * a certificate is one line with the install token, or an empty one to renew, then a PKCS #10
 * request, then END; the answer is a chain in PEM, then END.
 */
final class InnerProtocols {

  static final String TUNNEL = "fairlead-tunnel.v1";
  static final String CERTIFICATE = "fairlead-certificate.v1";

  /** The most bytes of a request for a certificate, and of its answer. */
  static final int MOST_BODY = 64 * 1024;

  private InnerProtocols() {}
}
