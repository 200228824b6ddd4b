package dev.fairlead.auth.local;

import dev.fairlead.api.Identity;
import java.time.Duration;
import java.util.Objects;

/**
 * What a user gets who signs in, or refreshes.
 *
 * @param identity who it is
 * @param sessionId the id of the session
 * @param accessToken the bearer token, which holds for {@code expiresIn}
 * @param expiresIn for how long the access token holds, in whole seconds
 * @param refreshToken gets the next tokens, once
 */
public record IssuedTokens(
    Identity identity,
    String sessionId,
    String accessToken,
    Duration expiresIn,
    String refreshToken) {

  /**
   * Checks the parts.
   *
   * @param identity who it is
   * @param sessionId the id of the session
   * @param accessToken the bearer token, which holds for {@code expiresIn}
   * @param expiresIn for how long the access token holds, in whole seconds
   * @param refreshToken gets the next tokens, once
   */
  public IssuedTokens {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(sessionId, "sessionId");
    Objects.requireNonNull(accessToken, "accessToken");
    Objects.requireNonNull(expiresIn, "expiresIn");
    Objects.requireNonNull(refreshToken, "refreshToken");
  }

  /** All but the tokens. */
  @Override
  public String toString() {
    return "IssuedTokens[" + identity.username() + ", session " + sessionId + "]";
  }
}
