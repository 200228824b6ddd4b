package dev.fairlead.api.auth;

import java.util.Objects;

/** A bearer token (RFC 6750) that a client sent. {@link #toString()} does not show it. */
public final class BearerToken implements Credential {

  private final String secret;

  private BearerToken(String secret) {
    this.secret = secret;
  }

  /**
   * Wraps a token.
   *
   * @param secret the token's text; not empty
   * @return the token
   * @throws IllegalArgumentException if it is empty
   */
  public static BearerToken of(String secret) {
    if (Objects.requireNonNull(secret, "secret").isEmpty()) {
      throw new IllegalArgumentException("bearer token: empty (expected: at least 1 character)");
    }
    return new BearerToken(secret);
  }

  /**
   * The token's text.
   *
   * @return the secret
   */
  public String reveal() {
    return secret;
  }

  @Override
  public String toString() {
    return "BearerToken[…]";
  }
}
