package dev.fairlead.examples.program;

import dev.fairlead.api.ClusterName;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A loopback address for each cluster, as options name them.
 *
 * @param cluster the cluster
 * @param address its address, which only this machine reaches
 */
public record ClusterAndAddress(ClusterName cluster, HostAndPort address) {

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|::1");

  /** Reads {@code CLUSTER=127.X.Y.Z:PORT} and {@code CLUSTER=[::1]:PORT}. */
  public static final class Converter implements ITypeConverter<ClusterAndAddress> {

    /** For picocli. */
    public Converter() {}

    @Override
    public ClusterAndAddress convert(String text) {
      int equals = text.indexOf('=');
      if (equals < 0 || !ClusterName.isValid(text.substring(0, equals))) {
        throw new TypeConversionException(
            "'" + text + "' (expected: CLUSTER=127.X.Y.Z:PORT, the cluster named by a-z, 0-9, -)");
      }
      HostAndPort address = new HostAndPort.Converter().convert(text.substring(equals + 1));
      if (!LOOPBACK.matcher(address.host()).matches()) {
        throw new TypeConversionException(
            "'" + text + "' (expected: an address that only this machine reaches, 127.X.Y.Z:PORT)");
      }
      return new ClusterAndAddress(ClusterName.of(text.substring(0, equals)), address);
    }
  }
}
