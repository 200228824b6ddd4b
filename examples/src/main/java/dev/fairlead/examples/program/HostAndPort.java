package dev.fairlead.examples.program;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An address as people write it.
 *
 * @param host a name or address, IPv6 ones without brackets
 * @param port 0 to 65535
 */
public record HostAndPort(String host, int port) {

  /**
   * The same host with another port.
   *
   * @param other the port
   * @return a new address
   */
  public HostAndPort withPort(int other) {
    return new HostAndPort(host, other);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Reads {@code HOST:PORT} and {@code [IPV6]:PORT}. */
  public static final class Converter implements ITypeConverter<HostAndPort> {

    /** For picocli. */
    public Converter() {}

    @Override
    public HostAndPort convert(String text) {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (bracketed) {
        host = host.substring(1, host.length() - 1);
      }
      if (host.isEmpty() || bracketed != host.contains(":")) {
        throw new TypeConversionException("'" + text + "' (expected: HOST:PORT or [IPV6]:PORT)");
      }
      return new HostAndPort(host, port(text.substring(colon + 1)));
    }

    private static int port(String text) {
      int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
      if (port < 0 || port > 65_535) {
        throw new TypeConversionException("port '" + text + "' (expected: 0-65535)");
      }
      return port;
    }
  }
}
