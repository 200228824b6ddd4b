package dev.fairlead.core.authentication;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks several authenticators, one after the other, until one knows the kind of credential. Its
 * answer counts, whether good or bad; so does its failure. If none knows it, the credential is
 * rejected. Never blocks; safe for use by any thread.
 */
public final class AuthenticatorChain implements Authenticator {

  private final List<Authenticator> authenticators;

  private AuthenticatorChain(List<Authenticator> authenticators) {
    this.authenticators = authenticators;
  }

  /**
   * Makes a chain.
   *
   * @param authenticators whom to ask, in this order; with none, everything is rejected
   * @return the chain
   */
  public static AuthenticatorChain of(Authenticator... authenticators) {
    return new AuthenticatorChain(List.of(authenticators));
  }

  /**
   * {@inheritDoc}
   *
   * @return a stage that is never {@link Authentication.Unknown}; it completes exceptionally with
   *     what an authenticator threw or completed with
   */
  @Override
  public CompletionStage<Authentication> authenticate(BearerToken token) {
    Objects.requireNonNull(token, "token");
    return ask(0, token);
  }

  private CompletionStage<Authentication> ask(int index, BearerToken token) {
    if (index == authenticators.size()) {
      return CompletableFuture.completedFuture(
          new Authentication.Rejected("no authenticator knows this credential"));
    }
    return answer(authenticators.get(index), token)
        .thenCompose(
            found -> {
              Objects.requireNonNull(found, "what an authenticator found");
              return found instanceof Authentication.Unknown
                  ? ask(index + 1, token)
                  : CompletableFuture.completedFuture(found);
            });
  }

  /** The authenticator's stage; a call that throws becomes a stage that failed. */
  private static CompletionStage<Authentication> answer(Authenticator asked, BearerToken token) {
    try {
      return Objects.requireNonNull(asked.authenticate(token), "an authenticator's stage");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
