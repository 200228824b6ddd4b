package dev.fairlead.core.exchange;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authorizer;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the door found out.
 *
 * @param identity who it is
 * @param credentialId what the audit record may name the credential by
 * @param expiresAt until when the credential holds, or null if for ever
 * @param scope what has to allow each request besides the hub's authoriser, or null
 * @param sourceIp where the call came from, without a port; empty for a call within the process
 * @param userAgent what the client calls itself, or empty
 */
public record Caller(
    Identity identity,
    String credentialId,
    @Nullable Instant expiresAt,
    @Nullable Authorizer scope,
    String sourceIp,
    String userAgent) {

  /** Checks the parts. */
  public Caller {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(credentialId, "credentialId");
    Objects.requireNonNull(sourceIp, "sourceIp");
    Objects.requireNonNull(userAgent, "userAgent");
  }

  /**
   * Somebody whose credential is good for all that they may do.
   *
   * @param identity who it is
   * @param credentialId what the audit record may name the credential by
   * @param expiresAt until when the credential holds, or null if for ever
   * @param sourceIp where the call came from, or empty
   * @param userAgent what the client calls itself, or empty
   */
  public Caller(
      Identity identity,
      String credentialId,
      @Nullable Instant expiresAt,
      String sourceIp,
      String userAgent) {
    this(identity, credentialId, expiresAt, null, sourceIp, userAgent);
  }

  /**
   * Somebody whose credential holds for ever.
   *
   * @param identity who it is
   * @param credentialId what the audit record may name the credential by
   * @param sourceIp where the call came from, or empty
   * @param userAgent what the client calls itself, or empty
   */
  public Caller(Identity identity, String credentialId, String sourceIp, String userAgent) {
    this(identity, credentialId, null, null, sourceIp, userAgent);
  }
}
