package dev.fairlead.auth.local;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.store.UserStore.StoredUser;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How users and roles may be called, and what clusters see of it. */
final class Names {

  private static final Pattern EMAIL =
      Pattern.compile(
          "[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62})(?:\\.[a-z0-9-]{1,63})*");
  private static final int LONGEST_EMAIL = 254;
  private static final Pattern ROLE = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?");
  private static final int MOST_ROLES = 64;

  private final String userPrefix;
  private final String rolePrefix;

  Names(String userPrefix, String rolePrefix) {
    this.userPrefix = userPrefix;
    this.rolePrefix = rolePrefix;
  }

  /** How an e-mail is compared, whatever it is. */
  static String folded(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  static boolean isEmail(String folded) {
    return folded.length() <= LONGEST_EMAIL && EMAIL.matcher(folded).matches();
  }

  /** An e-mail as it is kept. */
  static String email(String text) {
    String folded = folded(text);
    if (!isEmail(folded)) {
      throw new InvalidException("email: no address (expected: as in jane@example.com)");
    }
    return folded;
  }

  static List<String> roles(List<String> roles) {
    List<String> distinct = roles.stream().distinct().toList();
    if (distinct.size() > MOST_ROLES
        || distinct.stream().anyMatch(role -> !ROLE.matcher(role).matches())) {
      throw new InvalidException(
          "roles: one too many, or with a name that cannot be (expected: at most "
              + MOST_ROLES
              + ", of 1-63 of a-z 0-9 . _ -)");
    }
    return distinct;
  }

  /** The e-mail in a user name, if it is one that a user here could have. */
  Optional<String> emailIn(String username) {
    return username.startsWith(userPrefix)
        ? Optional.of(username.substring(userPrefix.length()))
        : Optional.empty();
  }

  /** Whether a name tells by itself that it is a user's of these accounts. */
  boolean areTheirOwn() {
    return !userPrefix.isEmpty();
  }

  Identity identity(StoredUser user) {
    return new Identity(
        userPrefix + user.email(),
        user.id(),
        user.roles().stream().map(role -> rolePrefix + role).toList(),
        Map.of());
  }
}
