package dev.fairlead.transport.websocket;

/**
 * Where a hub is.
 *
 * @param host a name or address, IPv6 ones without brackets
 * @param port 0-65535
 */
record HostPort(String host, int port) {

  HostPort {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
