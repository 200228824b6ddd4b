package dev.fairlead.testkit.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The authenticator of one case, and the credentials that are shown to it. */
abstract class AuthenticatorFixture {

  private static final int SECONDS = 20;

  private Authenticator authenticator;

  /**
   * Makes the authenticator of one case.
   *
   * @return an authenticator that knows {@link #good()}
   */
  protected abstract Authenticator create();

  /**
   * A credential that is good.
   *
   * @return the same in each call within a case
   */
  protected abstract Credential good();

  /**
   * Whom {@link #good()} stands for.
   *
   * @return the identity that is expected
   */
  protected abstract Identity identity();

  /**
   * Credentials of the kind that this authenticator knows, each bad in another way: made up,
   * changed, expired, for somebody else, revoked.
   *
   * @return the credentials; empty if this authenticator cannot tell a bad one from one of another
   *     kind
   */
  protected abstract List<Credential> bad();

  /**
   * What a credential is answered that is not this authenticator's business.
   *
   * @return {@link Authentication.Unknown} unless overridden by one that is asked last
   */
  protected Class<? extends Authentication> foreign() {
    return Authentication.Unknown.class;
  }

  /**
   * Lets whatever the authenticator waits for, such as an issuer or a store, answer no more.
   *
   * @return whether there is such a thing; false unless overridden
   */
  protected boolean stall() {
    return false;
  }

  /** Lets it answer again. */
  protected void resume() {
    // Nothing was stalled.
  }

  /**
   * Moves the authenticator's time until {@link #good()} has expired.
   *
   * @return whether it expires at all; false unless overridden
   */
  protected boolean expire() {
    return false;
  }

  @BeforeEach
  void createAuthenticator() {
    authenticator = create();
  }

  @AfterEach
  void closeAuthenticator() {
    authenticator.close();
  }

  final Authenticator authenticator() {
    return authenticator;
  }

  final CompletableFuture<Authentication> ask(Credential credential) {
    return authenticator.authenticate(credential).toCompletableFuture();
  }

  final Authentication present(Credential credential) {
    return ask(credential).orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** What must not be seen of a credential; of a token all but its shorter parts. */
  static List<String> secretsOf(Credential credential) {
    if (!(credential instanceof BearerToken token)) {
      return List.of();
    }
    String text = token.reveal();
    String last = text.substring(Math.max(text.lastIndexOf('.'), text.lastIndexOf('_')) + 1);
    return last.length() < 8 ? List.of(text) : List.of(text, last);
  }
}
