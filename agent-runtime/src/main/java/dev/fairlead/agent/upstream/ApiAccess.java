package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.TlsMaterial;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an API server, as of one moment.
 *
 * @param address an {@code https} address
 * @param tls key and trust
 * @param tlsIdentity equal for those whose connections may serve each other
 * @param serverName the name in the server's certificate if it is not the address's host, or null
 * @param token the bearer token, or null
 */
record ApiAccess(
    URI address,
    TlsMaterial tls,
    Object tlsIdentity,
    @Nullable String serverName,
    @Nullable String token) {

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final int HTTPS = 443;

  ApiAccess {
    Objects.requireNonNull(tls, "tls");
    requireAddress(address);
    if (token != null && !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new InvalidException(
          "bearer token: holds a blank or a character outside ASCII (expected: the token alone)");
    }
  }

  static void requireAddress(URI address) {
    if (!"https".equals(address.getScheme()) || address.getHost() == null) {
      throw new InvalidException(
          "API server: the address has scheme "
              + address.getScheme()
              + " and host "
              + address.getHost()
              + " (expected: https://HOST[:PORT], as credentials never travel in the clear)");
    }
  }

  String host() {
    String host = address.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return address.getPort() < 0 ? HTTPS : address.getPort();
  }

  String nameInCertificate() {
    return serverName == null ? host() : serverName;
  }

  boolean sameConnections(ApiAccess other) {
    return address.equals(other.address)
        && tlsIdentity.equals(other.tlsIdentity)
        && Objects.equals(serverName, other.serverName);
  }

  /** Addresses a request to this API server, and proves who the agent is. */
  Http2Headers address(Http2Headers head) {
    head.scheme("https").authority(address.getRawAuthority());
    String prefix = address.getRawPath();
    if (prefix != null && prefix.length() > 1) {
      String kept = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
      head.path(kept + head.path());
    }
    head.remove(AUTHORIZATION);
    return token == null ? head : head.set(AUTHORIZATION, "Bearer " + token);
  }

  @Override
  public String toString() {
    return "ApiAccess[" + host() + ":" + port() + "]";
  }
}
