package dev.fairlead.transport.websocket;

import dev.fairlead.core.door.AgentPaths;

/** The requests of an agent; the README documents them. */
final class Paths {

  /** POST: install token and PKCS #10 request in, certificate chain out. */
  static final String ENROL = AgentPaths.PREFIX + "enrol";

  /** POST: PKCS #10 request in, certificate chain out. */
  static final String RENEW = AgentPaths.PREFIX + "renew";

  /** GET with an upgrade to WebSocket: a pipe. */
  static final String TUNNEL = AgentPaths.PREFIX + "tunnel";

  /** What the WebSocket carries; both sides have to name it. */
  static final String SUBPROTOCOL = "fairlead.v1";

  static final String PKCS10 = "application/pkcs10";
  static final String PEM_CHAIN = "application/pem-certificate-chain";
  static final String PROBLEM = "application/problem+json";

  /** The most bytes of a request's or response's body. */
  static final int MOST_BODY = 64 * 1024;

  private Paths() {}
}
