package dev.fairlead.examples.program;

import dev.fairlead.api.ClusterName;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A file for each cluster, as options name them.
 *
 * @param cluster the cluster
 * @param file its file
 */
public record ClusterAndFile(ClusterName cluster, Path file) {

  /** Reads {@code CLUSTER=FILE}. */
  public static final class Converter implements ITypeConverter<ClusterAndFile> {
    @Override
    public ClusterAndFile convert(String text) {
      int equals = text.indexOf('=');
      if (equals < 0
          || !ClusterName.isValid(text.substring(0, equals))
          || equals == text.length() - 1) {
        throw new TypeConversionException(
            "'" + text + "' (expected: CLUSTER=FILE, the cluster named by a-z, 0-9 and -)");
      }
      return new ClusterAndFile(
          ClusterName.of(text.substring(0, equals)), Path.of(text.substring(equals + 1)));
    }
  }
}
