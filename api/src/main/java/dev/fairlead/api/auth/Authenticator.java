package dev.fairlead.api.auth;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Tells who asks. Called for each request, by many threads at once; must not block.
 *
 * <p>A stage that completes exceptionally, or a call that throws, refuses the request. Neither an
 * answer nor an exception shows a secret.
 *
 * <p>Several are asked in order, so an authenticator answers {@link Authentication.Unknown} only
 * for credentials that are not its business at all, and {@link Authentication.Rejected} for its own
 * that are bad: a bad credential must not be tried elsewhere.
 */
@FunctionalInterface
public interface Authenticator extends AutoCloseable {

  /**
   * Examines a credential.
   *
   * @param credential what the client showed; of whatever kind
   * @return a stage with what was found
   */
  CompletionStage<Authentication> authenticate(Credential credential);

  /**
   * For how long the hub may use a good answer again for the same credential without asking, in no
   * case for longer than the credential holds. What this is, is how late a revocation elsewhere is
   * noticed.
   *
   * @return zero unless overridden: each request asks
   */
  default Duration reusableFor() {
    return Duration.ZERO;
  }

  /**
   * Whose client certificates this authenticator takes. Front doors ask clients for certificates by
   * these authorities, and let no other certificate pass the handshake.
   *
   * @return certificates of authorities; none unless overridden
   */
  default List<X509Certificate> clientAuthorities() {
    return List.of();
  }

  /**
   * Ends what this authenticator has running. A hub closes its authenticators when it is closed;
   * may be called at any time, twice, by any thread, also while credentials are examined: their
   * stages then complete.
   */
  @Override
  default void close() {}
}
