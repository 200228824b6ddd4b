package dev.fairlead.core.authentication;

import dev.fairlead.api.auth.BearerToken;
import java.util.Objects;

/**
 * An access token at the only moment it can be read. {@link #toString()} does not show it.
 *
 * @param token the secret to hand to the user: {@code flu_<id>_<secret>}, 64 characters
 * @param info what the hub keeps of it
 */
public record IssuedAccessToken(BearerToken token, AccessTokenInfo info) {

  /** Checks the parts. */
  public IssuedAccessToken {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(info, "info");
  }
}
