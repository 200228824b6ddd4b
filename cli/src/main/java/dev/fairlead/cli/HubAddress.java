package dev.fairlead.cli;

import java.net.URI;
import java.util.Locale;

/**
 * Where a hub's front door is.
 *
 * @param uri {@code https://host} or {@code https://host:port}, the host in lower case
 */
record HubAddress(URI uri) {

  private static final int HTTPS = 443;

  /**
   * Reads an address as people write it, with or without the scheme.
   *
   * @throws Refusal if it is no https URL of a host
   */
  static HubAddress parse(String text) {
    String full = text.contains("://") ? text : "https://" + text;
    URI uri;
    try {
      uri = URI.create(full);
    } catch (IllegalArgumentException e) {
      throw refused(text);
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (!"https".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(path.isEmpty() || path.equals("/"))) {
      throw refused(text);
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String port = uri.getPort() < 0 || uri.getPort() == HTTPS ? "" : ":" + uri.getPort();
    return new HubAddress(URI.create("https://" + host + port));
  }

  private static Refusal refused(String text) {
    return new Refusal(
        "--hub: '" + text + "' (expected: https://HOST[:PORT], without a path or credentials)");
  }

  URI at(String path) {
    return URI.create(uri + path);
  }

  /** Host and port, as in a URL. */
  String authority() {
    return uri.getRawAuthority();
  }

  /** A name for files; two hubs have two. */
  String fileName() {
    return authority().replaceAll("[^a-z0-9.-]", "_");
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
