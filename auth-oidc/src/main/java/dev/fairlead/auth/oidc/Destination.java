package dev.fairlead.auth.oidc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where this module sends requests to: over https, or over http to this machine; never to addresses
 * that only exist on one link, as cloud providers' metadata services do; and to this machine only
 * if the issuer itself is on it.
 *
 * @param uri where to
 * @param loopback whether it may be, and by http has to be, on this machine
 */
record Destination(URI uri, boolean loopback) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  /** An address that somebody configured. */
  static Optional<Destination> configured(String text) {
    Optional<URI> uri = parse(text);
    return uri.map(present -> new Destination(present, isLoopback(present)))
        .filter(Destination::isAllowed);
  }

  /** An address that a document from here names. */
  Optional<Destination> named(String text) {
    return parse(text)
        .filter(named -> loopback || !isLoopback(named))
        .map(named -> new Destination(named, loopback))
        .filter(Destination::isAllowed);
  }

  /** A place below this one (OpenID Connect Discovery 1.0, section 4.1). */
  Destination below(String path) {
    String base = uri.toString();
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return new Destination(URI.create(trimmed + path), loopback);
  }

  private static Optional<URI> parse(String text) {
    try {
      URI uri = new URI(text);
      boolean plain =
          uri.getScheme() != null
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null;
      return plain ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private boolean isAllowed() {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("https") || (scheme.equals("http") && isLoopback(uri));
  }

  private static boolean isLoopback(URI uri) {
    return LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * Refuses what its name leads to, if that is none of the addresses it may be at. Blocks.
   *
   * @throws IOException if it may not be there, or cannot be found
   */
  void requireAllowedAddress() throws IOException {
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      boolean local = address.isLoopbackAddress();
      boolean http = uri.getScheme().equalsIgnoreCase("http");
      if (address.isLinkLocalAddress()
          || address.isAnyLocalAddress()
          || address.isMulticastAddress()
          || (local && !loopback)
          || (http && !local)) {
        throw new IOException(
            "is at "
                + address.getHostAddress()
                + " (expected: no link-local, multicast or wildcard address, and a loopback address"
                + " only where the issuer itself is on one)");
      }
    }
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
