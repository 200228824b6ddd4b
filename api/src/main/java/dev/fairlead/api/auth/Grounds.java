package dev.fairlead.api.auth;

/**
 * Tells when the grounds of earlier answers change, so that what still runs on them ends. An {@link
 * Authenticator} or {@link Authorizer} whose answers may change before their time implements this
 * beside its own interface; a hub then follows it for as long as it runs.
 *
 * <p>A change is told after it took effect: whoever asks again while being told gets the new
 * answer.
 */
public interface Grounds {

  /**
   * Hears of changes. Called by any thread, by several at once, too; does not block, and throws
   * nothing.
   */
  interface Listener {

    /**
     * A credential holds no more, and never will again.
     *
     * @param credentialId as in {@link Authentication.Authenticated}
     * @param reason why, for the audit record and for users, without secrets
     */
    void credentialRevoked(String credentialId, String reason);

    /**
     * None of a user's credentials holds any more, for now.
     *
     * @param username the user's name
     * @param reason why, for the audit record and for users, without secrets
     */
    void userRevoked(String username, String reason);

    /**
     * Decisions may come out otherwise than before, of whomever.
     *
     * @param reason why, for the audit record and for users, without secrets
     */
    void rulesChanged(String reason);
  }

  /** A listener's place among the others. */
  interface Following extends AutoCloseable {
    /**
     * Ends it; a call that is under way may still come through. Any thread, any number of times.
     */
    @Override
    void close();
  }

  /**
   * Begins to tell.
   *
   * @param listener is told of every change from now on
   * @return ends it
   */
  Following follow(Listener listener);
}
