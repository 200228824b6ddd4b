package dev.fairlead.core.authorization;

import java.util.List;
import java.util.Objects;

/**
 * When, and from where, a rule or a binding counts. All that is given has to hold. Checked when the
 * {@link Roles} are built. Immutable.
 *
 * @param networks where callers come from: IPv4 or IPv6 addresses or CIDR blocks, such as {@code
 *     10.0.0.0/8} or {@code 2001:db8::/32}; empty for anywhere. A caller within the process has no
 *     address: then what allows does not count, and what denies does
 * @param hours when: {@code mon-fri 08:00-18:00}, {@code sat,sun 10:00-14:00}, or {@code
 *     22:00-06:00}, which is every day and goes on into the next; empty for always
 * @param timeZone the zone of these hours, such as {@code Europe/Berlin}; empty for UTC
 */
public record Condition(List<String> networks, List<String> hours, String timeZone) {

  /** Holds always. */
  public static final Condition NONE = new Condition(List.of(), List.of(), "");

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if a part is null
   */
  public Condition {
    networks = List.copyOf(networks);
    hours = List.copyOf(hours);
    Objects.requireNonNull(timeZone, "timeZone");
  }

  /**
   * Holds for callers from some networks.
   *
   * @param networks see {@link #networks()}
   * @return the condition
   */
  public static Condition from(String... networks) {
    return new Condition(List.of(networks), List.of(), "");
  }

  /**
   * The same, but only at some hours.
   *
   * @param timeZone see {@link #timeZone()}
   * @param hours see {@link #hours()}
   * @return a new condition
   */
  public Condition during(String timeZone, String... hours) {
    return new Condition(networks, List.of(hours), timeZone);
  }
}
