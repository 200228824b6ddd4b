package dev.fairlead.examples.program;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where agents and their hub meet, and by which transport.
 *
 * @param transport how
 * @param at where
 */
public record AgentsAddress(Transport transport, HostAndPort at) {

  /** The transports there are. */
  public enum Transport {
    /** {@code grpc://}, also if nothing is said. */
    GRPC,
    /** {@code wss://}. */
    WEBSOCKET
  }

  @Override
  public String toString() {
    return transport == Transport.GRPC ? at.toString() : "wss://" + at;
  }

  /** Reads {@code HOST:PORT}, {@code grpc://HOST:PORT} and {@code wss://HOST:PORT}. */
  public static final class Converter implements ITypeConverter<AgentsAddress> {

    /** For picocli. */
    public Converter() {}

    @Override
    public AgentsAddress convert(String text) {
      int end = text.indexOf("://");
      String scheme = end < 0 ? "grpc" : text.substring(0, end);
      Transport transport =
          switch (scheme) {
            case "grpc" -> Transport.GRPC;
            case "wss" -> Transport.WEBSOCKET;
            default ->
                throw new TypeConversionException(
                    "'" + scheme + "://' (expected: grpc:// or wss://)");
          };
      String rest = end < 0 ? text : text.substring(end + 3);
      return new AgentsAddress(transport, new HostAndPort.Converter().convert(rest));
    }
  }
}
