package dev.fairlead.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The sign-ins of users that last, each with the one refresh token that holds at the time. The
 * refresh tokens of a session are a family: they share a secret, by which one that was used before
 * is told from one that is made up. Secrets are kept only as hashes, which are compared in constant
 * time.
 */
public interface SessionStore {

  /**
   * A session.
   *
   * @param id the public half of its refresh tokens
   * @param userId whose it is
   * @param familyHash SHA-256 of the secret that all its refresh tokens share, in hex
   * @param tokenHash SHA-256 of the secret of the refresh token that holds, in hex
   * @param startedAt when the user signed in
   * @param expiresAt until when the refresh token holds
   */
  record StoredSession(
      String id,
      String userId,
      String familyHash,
      String tokenHash,
      Instant startedAt,
      Instant expiresAt) {
    /**
     * Checks the parts.
     *
     * @param id the public half of its refresh tokens
     * @param userId whose it is
     * @param familyHash SHA-256 of the secret that all its refresh tokens share, in hex
     * @param tokenHash SHA-256 of the secret of the refresh token that holds, in hex
     * @param startedAt when the user signed in
     * @param expiresAt until when the refresh token holds
     */
    public StoredSession {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(userId, "userId");
      Objects.requireNonNull(familyHash, "familyHash");
      Objects.requireNonNull(tokenHash, "tokenHash");
      Objects.requireNonNull(startedAt, "startedAt");
      Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** All but the hashes. */
    @Override
    public String toString() {
      return "StoredSession[id="
          + id
          + ", userId="
          + userId
          + ", startedAt="
          + startedAt
          + ", expiresAt="
          + expiresAt
          + "]";
    }
  }

  /**
   * A refresh token that was shown, as far as the store is to know it.
   *
   * @param id its session's id
   * @param familyHash the hash of the secret of its family
   * @param tokenHash the hash of its own secret
   */
  record ShownToken(String id, String familyHash, String tokenHash) {
    /**
     * Checks the parts.
     *
     * @param id its session's id
     * @param familyHash the hash of the secret of its family
     * @param tokenHash the hash of its own secret
     */
    public ShownToken {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(familyHash, "familyHash");
      Objects.requireNonNull(tokenHash, "tokenHash");
    }

    /** The id alone. */
    @Override
    public String toString() {
      return "ShownToken[id=" + id + "]";
    }
  }

  /** What came of showing a refresh token. */
  sealed interface Rotation {

    /**
     * It held, and does no longer.
     *
     * @param session the session with its next refresh token
     */
    record Rotated(StoredSession session) implements Rotation {
      /**
       * Checks the part.
       *
       * @param session the session with its next refresh token
       */
      public Rotated {
        Objects.requireNonNull(session, "session");
      }
    }

    /**
     * It was used before, so two have it, one of whom should not: the session is no more.
     *
     * @param session the session that was ended
     */
    record Replayed(StoredSession session) implements Rotation {
      /**
       * Checks the part.
       *
       * @param session the session that was ended
       */
      public Replayed {
        Objects.requireNonNull(session, "session");
      }
    }

    /** There is no such session, it has expired, or the token is made up; nothing was changed. */
    record Refused() implements Rotation {}
  }

  /**
   * Adds a session.
   *
   * @param session the session
   * @throws dev.fairlead.api.ConflictException if there is a session with that id
   */
  void add(StoredSession session);

  /**
   * Finds a session.
   *
   * @param id the session's id
   * @return the session, or empty
   */
  Optional<StoredSession> find(String id);

  /**
   * Puts another refresh token in the place of the one that is shown. Of any number of calls at the
   * same time with the same token, exactly one can be {@link Rotation.Rotated}, and the next one is
   * {@link Rotation.Replayed}.
   *
   * @param shown the token
   * @param nextHash the hash of the next one's secret
   * @param now the present time
   * @param expiresAt until when the next one holds
   * @return what came of it
   */
  Rotation rotate(ShownToken shown, String nextHash, Instant now, Instant expiresAt);

  /**
   * Removes a session.
   *
   * @param id the session's id
   * @return whether it was there
   */
  boolean remove(String id);

  /**
   * Removes all sessions of a user.
   *
   * @param userId the user's id
   * @return those that were removed
   */
  List<StoredSession> removeAll(String userId);

  /**
   * All sessions of a user.
   *
   * @param userId the user's id
   * @return a snapshot, in the order in which they began
   */
  List<StoredSession> listOf(String userId);

  /**
   * Forgets sessions that expired.
   *
   * @param before those that expired before this time
   */
  void purge(Instant before);
}
