package dev.fairlead.api;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a cluster in the fleet: a DNS label as in RFC 1123, in lower case, so that it fits a
 * path segment and a host name alike.
 *
 * @param value 1 to 63 characters of {@code a-z}, {@code 0-9} and {@code -}, neither first nor last
 *     a {@code -}
 */
public record ClusterName(String value) implements Comparable<ClusterName> {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * Checks the name.
   *
   * @param value the label
   * @throws InvalidException if {@code value} is not such a label
   */
  public ClusterName {
    Objects.requireNonNull(value, "value");
    if (!LABEL.matcher(value).matches()) {
      throw new InvalidException(
          "cluster name: "
              + Printable.quote(value)
              + " (expected: 1-63 of a-z, 0-9 and -, beginning and ending with a letter or digit)");
    }
  }

  /**
   * Makes a name of a string.
   *
   * @param value the label
   * @return the name
   * @throws InvalidException if {@code value} is not a DNS label in lower case
   */
  public static ClusterName of(String value) {
    return new ClusterName(value);
  }

  /**
   * Whether {@link #of} would accept the string.
   *
   * @param value any string
   * @return true if it is a valid cluster name
   */
  public static boolean isValid(String value) {
    return LABEL.matcher(value).matches();
  }

  @Override
  public int compareTo(ClusterName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
