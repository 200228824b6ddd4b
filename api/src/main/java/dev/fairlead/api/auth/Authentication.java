package dev.fairlead.api.auth;

import dev.fairlead.api.Identity;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an {@link Authenticator} found. */
public sealed interface Authentication {

  /**
   * The credential is good.
   *
   * @param identity who asks
   * @param credentialId what the audit record may name the credential by; never the credential, nor
   *     anything it could be guessed from
   * @param expiresAt until when the credential holds, or null if for ever
   * @param scope what has to allow each request besides the hub's own authoriser, because the
   *     credential is good for less than its owner may do; null if it is good for all of that
   */
  record Authenticated(
      Identity identity,
      String credentialId,
      @Nullable Instant expiresAt,
      @Nullable Authorizer scope)
      implements Authentication {
    /**
     * Checks the parts.
     *
     * @param identity who asks
     * @param credentialId what the audit record may name the credential by; never the credential,
     *     nor anything it could be guessed from
     * @param expiresAt until when the credential holds, or null if for ever
     * @param scope what has to allow each request besides the hub's own authoriser, or null
     */
    public Authenticated {
      Objects.requireNonNull(identity, "identity");
      Objects.requireNonNull(credentialId, "credentialId");
    }

    /**
     * A credential that is good for all that its owner may do.
     *
     * @param identity who asks
     * @param credentialId what the audit record may name the credential by
     * @param expiresAt until when the credential holds, or null if for ever
     */
    public Authenticated(Identity identity, String credentialId, @Nullable Instant expiresAt) {
      this(identity, credentialId, expiresAt, null);
    }
  }

  /** The credential is of a kind this authenticator does not know; another one may. */
  record Unknown() implements Authentication {}

  /**
   * The credential is of a kind this authenticator knows, and it is bad: no other one is asked.
   *
   * @param reason why, for the audit record and the log, without secrets
   */
  record Rejected(String reason) implements Authentication {
    /**
     * Checks the parts.
     *
     * @param reason why, for the audit record and the log, without secrets
     */
    public Rejected {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
