package dev.fairlead.transport.grpc;

/** An address as people write it. */
final class HostPort {

  private HostPort() {}

  static String of(String host, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
    }
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
