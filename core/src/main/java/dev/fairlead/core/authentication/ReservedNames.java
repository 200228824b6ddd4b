package dev.fairlead.core.authentication;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import java.util.Optional;

/**
 * The names that Kubernetes keeps for itself: user names and groups that begin with {@code
 * system:}. Who comes in through a hub must not have them, since they carry rights of their own, up
 * to {@code system:masters}. The group {@code system:authenticated} is nobody's privilege.
 */
public final class ReservedNames {

  private static final String PREFIX = "system:";
  private static final String EVERYBODY = "system:authenticated";

  private ReservedNames() {}

  /**
   * Refuses an identity with a reserved name.
   *
   * @param identity who authenticated
   * @return the same identity
   * @throws ForbiddenException if the user name, or a group other than {@code
   *     system:authenticated}, is reserved; the message tells which
   */
  public static Identity refuse(Identity identity) {
    Optional<String> reserved = in(identity);
    if (reserved.isPresent()) {
      throw new ForbiddenException(
          reserved.get() + " (expected: no user or group that begins with " + PREFIX + ")");
    }
    return identity;
  }

  /**
   * Looks for a reserved name.
   *
   * @param identity any identity
   * @return the first reserved name, as in {@code group: system:masters}, or empty
   */
  public static Optional<String> in(Identity identity) {
    if (identity.username().startsWith(PREFIX)) {
      return Optional.of("user: " + identity.username());
    }
    return identity.groups().stream()
        .filter(group -> group.startsWith(PREFIX) && !group.equals(EVERYBODY))
        .findFirst()
        .map(group -> "group: " + group);
  }
}
