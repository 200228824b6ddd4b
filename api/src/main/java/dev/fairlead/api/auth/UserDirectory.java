package dev.fairlead.api.auth;

import dev.fairlead.api.Identity;
import java.util.Objects;

/**
 * Knows users by name: whether they may still come in, and which groups they are in now. Asked when
 * somebody comes with a credential that outlives a sign-in, such as an API key, so that it is worth
 * no more than its owner.
 *
 * <p>Called by many threads at once; may block for a short time, as a store does. What it throws
 * refuses the request. A directory that is {@link Grounds}, too, is followed by the hub.
 */
@FunctionalInterface
public interface UserDirectory {

  /** What a directory knows of a user. */
  sealed interface Found {

    /**
     * The user may come in.
     *
     * @param identity the user as of now
     */
    record Active(Identity identity) implements Found {
      /**
       * Checks the part.
       *
       * @param identity the user as of now
       */
      public Active {
        Objects.requireNonNull(identity, "identity");
      }
    }

    /**
     * The user must not come in.
     *
     * @param reason why, for the audit record and the log, without secrets
     */
    record Blocked(String reason) implements Found {
      /**
       * Checks the part.
       *
       * @param reason why, for the audit record and the log, without secrets
       */
      public Blocked {
        Objects.requireNonNull(reason, "reason");
      }
    }

    /** The user is not of this directory, and was never; another one may know them. */
    record Elsewhere() implements Found {}
  }

  /**
   * Looks a user up.
   *
   * @param username the user's name, as in {@link Identity#username()}
   * @return what is known
   */
  Found find(String username);
}
