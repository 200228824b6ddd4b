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
   */
  record Authenticated(Identity identity, String credentialId, @Nullable Instant expiresAt)
      implements Authentication {
    /**
     * Checks the parts.
     *
     * @param identity who asks
     * @param credentialId what the audit record may name the credential by; never the credential,
     *     nor anything it could be guessed from
     * @param expiresAt until when the credential holds, or null if for ever
     */
    public Authenticated {
      Objects.requireNonNull(identity, "identity");
      Objects.requireNonNull(credentialId, "credentialId");
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
