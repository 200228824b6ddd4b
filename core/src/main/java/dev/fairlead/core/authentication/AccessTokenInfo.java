package dev.fairlead.core.authentication;

import dev.fairlead.api.Identity;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may be known about an access token.
 *
 * @param id the public half of the token, 16 hex digits
 * @param identity who it stands for
 * @param expiresAt from when on it no longer holds, or null if it holds until it is revoked
 */
public record AccessTokenInfo(String id, Identity identity, @Nullable Instant expiresAt) {

  /** Checks the parts. */
  public AccessTokenInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(identity, "identity");
  }
}
