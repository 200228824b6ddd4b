package dev.fairlead.core.authentication;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Credential;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks authenticators in order. The first that knows the credential has the last word, be it that
 * the credential is good or bad; so does its failure. If none knows it, the credential is rejected.
 *
 * <p>A good answer is used again for as long as its authenticator {@linkplain
 * Authenticator#reusableFor allows}, the credential holds, and {@link #forget} was not called; at
 * most 10,000 answers of each authenticator are kept, by hashes of the credentials. Never blocks;
 * safe for use by any thread.
 */
public final class AuthenticatorChain implements Authenticator {

  private static final int MOST_ANSWERS = 10_000;

  private record Link(Authenticator authenticator, AnswerCache answers) {}

  private final List<Link> links;

  private AuthenticatorChain(List<Link> links) {
    this.links = links;
  }

  /**
   * Makes a chain.
   *
   * @param authenticators whom to ask, in this order; with none, everything is rejected
   * @param time the wall clock, for how long answers are kept
   * @return the chain, which closes the authenticators when it is closed
   */
  public static AuthenticatorChain of(
      List<? extends Authenticator> authenticators, InstantSource time) {
    Objects.requireNonNull(time, "time");
    return new AuthenticatorChain(
        authenticators.stream()
            .map(one -> new Link(one, new AnswerCache(MOST_ANSWERS, time)))
            .toList());
  }

  /**
   * {@inheritDoc}
   *
   * @return a stage that is never {@link Authentication.Unknown}; it completes exceptionally with
   *     what an authenticator threw or completed with
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    Objects.requireNonNull(credential, "credential");
    return ask(0, credential);
  }

  private CompletionStage<Authentication> ask(int index, Credential credential) {
    if (index == links.size()) {
      return CompletableFuture.completedFuture(
          new Authentication.Rejected("no authenticator knows this credential"));
    }
    return answer(links.get(index), credential)
        .thenCompose(
            found -> {
              Objects.requireNonNull(found, "what an authenticator found");
              return found instanceof Authentication.Unknown
                  ? ask(index + 1, credential)
                  : CompletableFuture.completedFuture(found);
            });
  }

  private static CompletionStage<Authentication> answer(Link link, Credential credential) {
    Duration reusable = link.authenticator().reusableFor();
    return reusable.compareTo(Duration.ZERO) > 0
        ? link.answers().answer(credential, reusable, () -> call(link.authenticator(), credential))
        : call(link.authenticator(), credential);
  }

  /** The authenticator's stage; a call that throws becomes a stage that failed. */
  private static CompletionStage<Authentication> call(Authenticator asked, Credential credential) {
    try {
      return Objects.requireNonNull(asked.authenticate(credential), "an authenticator's stage");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Drops what is kept of a credential, so that the next request with it asks again.
   *
   * @param credentialId as in {@link Authentication.Authenticated#credentialId}
   */
  public void forget(String credentialId) {
    links.forEach(link -> link.answers().forget(credentialId));
  }

  /**
   * Drops what is kept of a user's credentials, so that the next request with one asks again.
   *
   * @param username the user's name
   */
  public void forgetUser(String username) {
    links.forEach(link -> link.answers().forgetUser(username));
  }

  @Override
  public List<X509Certificate> clientAuthorities() {
    return links.stream()
        .flatMap(link -> link.authenticator().clientAuthorities().stream())
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    links.forEach(link -> link.authenticator().close());
  }

  @Override
  public String toString() {
    return "AuthenticatorChain" + links.stream().map(Link::authenticator).toList();
  }
}
