package dev.fairlead.core.apikey;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.core.authorization.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an API key is to be like. Checked when the key is issued. Immutable.
 *
 * @param owner what kind of owner it has
 * @param identity who it stands for
 * @param description what it is for, at most 200 characters; perhaps empty
 * @param scope what it is limited to, or null if its owner's roles alone limit it
 * @param life how long it holds, more than zero and at most {@link ApiKeys#LONGEST_LIFE}; or null
 *     for until it is revoked
 */
public record ApiKeyOrder(
    ApiKeyStore.Owner owner,
    Identity identity,
    String description,
    @Nullable Scope scope,
    @Nullable Duration life) {

  private static final int LONGEST_DESCRIPTION = 200;
  private static final String SERVICE = "service:";
  private static final Pattern SERVICE_NAME =
      Pattern.compile(SERVICE + "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** Checks that the parts are there. */
  public ApiKeyOrder {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(description, "description");
  }

  /**
   * A personal key, which may do what its owner may and holds until it is revoked.
   *
   * @param identity the owner
   * @return an order
   */
  public static ApiKeyOrder forUser(Identity identity) {
    return new ApiKeyOrder(ApiKeyStore.Owner.USER, identity, "", null, null);
  }

  /**
   * A service's key, which holds until it is revoked. Roles are given to the service by binding
   * them to the user {@code service:<name>}, or to its groups.
   *
   * @param name the service's name, a DNS label
   * @param groups the groups it is in
   * @return an order
   */
  public static ApiKeyOrder forService(String name, String... groups) {
    Identity identity = new Identity(SERVICE + name, null, List.of(groups), Map.of());
    return new ApiKeyOrder(ApiKeyStore.Owner.SERVICE, identity, "", null, null);
  }

  /**
   * The same with a description.
   *
   * @param text what it is for
   * @return a new order
   */
  public ApiKeyOrder describedAs(String text) {
    return new ApiKeyOrder(owner, identity, text, scope, life);
  }

  /**
   * The same with a scope.
   *
   * @param limit what it is limited to
   * @return a new order
   */
  public ApiKeyOrder limitedTo(Scope limit) {
    return new ApiKeyOrder(owner, identity, description, limit, life);
  }

  /**
   * The same with an end.
   *
   * @param longest how long it holds
   * @return a new order
   */
  public ApiKeyOrder livingFor(Duration longest) {
    return new ApiKeyOrder(owner, identity, description, scope, longest);
  }

  /** Refuses an order with all its mistakes. */
  void check() {
    ReservedNames.refuse(identity);
    List<String> mistakes = new ArrayList<>();
    Duration asked = life;
    if (asked != null
        && (asked.isNegative() || asked.isZero() || asked.compareTo(ApiKeys.LONGEST_LIFE) > 0)) {
      mistakes.add("life of API key: " + asked + " (expected: more than zero, at most 3650 days)");
    }
    if (description.length() > LONGEST_DESCRIPTION
        || description.chars().anyMatch(c -> Character.isISOControl(c))) {
      mistakes.add(
          "description of API key: "
              + description.length()
              + " characters (expected: at most "
              + LONGEST_DESCRIPTION
              + ", none of them a control character)");
    }
    boolean namedAsService = SERVICE_NAME.matcher(identity.username()).matches();
    if (owner == ApiKeyStore.Owner.SERVICE && !namedAsService) {
      mistakes.add(
          "service of API key: not its name (expected: 1-63 of a-z, 0-9 and -, beginning and"
              + " ending with a letter or digit)");
    }
    if (owner == ApiKeyStore.Owner.USER && identity.username().startsWith(SERVICE)) {
      mistakes.add("owner of API key: a service's name (expected: a user's)");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("\n", mistakes));
    }
  }
}
