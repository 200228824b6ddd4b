package dev.fairlead.core.apikey;

import dev.fairlead.api.auth.BearerToken;
import java.util.Objects;

/**
 * An API key at the only moment it can be read. {@link #toString()} does not show it.
 *
 * @param token the secret to hand to the owner: {@code flk_<id>_<secret>}, 64 characters
 * @param info what the hub keeps of it
 */
public record IssuedApiKey(BearerToken token, ApiKeyInfo info) {

  /** Checks the parts. */
  public IssuedApiKey {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(info, "info");
  }
}
