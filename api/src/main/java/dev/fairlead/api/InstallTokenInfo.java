package dev.fairlead.api;

import java.time.Instant;
import java.util.Objects;

/**
 * What may be known about an install token.
 *
 * @param id the public half of the token
 * @param cluster the cluster an agent that redeems it will serve
 * @param issuedAt when it was issued
 * @param expiresAt from when on it can no longer be redeemed
 * @param state what became of it
 */
public record InstallTokenInfo(
    String id, ClusterName cluster, Instant issuedAt, Instant expiresAt, State state) {

  /**
   * What became of an install token. Expiry is not a state: compare {@link #expiresAt()} with the
   * clock.
   */
  public enum State {
    /** It can be redeemed once, until it expires. */
    OPEN,
    /** An agent redeemed it. */
    REDEEMED,
    /** It was revoked. */
    REVOKED
  }

  /**
   * Checks the parts.
   *
   * @param id the public half of the token
   * @param cluster the cluster an agent that redeems it will serve
   * @param issuedAt when it was issued
   * @param expiresAt from when on it can no longer be redeemed
   * @param state what became of it
   */
  public InstallTokenInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(issuedAt, "issuedAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(state, "state");
  }
}
