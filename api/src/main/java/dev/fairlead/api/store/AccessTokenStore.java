package dev.fairlead.api.store;

import dev.fairlead.api.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The access tokens that the hub issued to users; their secrets only as hashes. */
public interface AccessTokenStore {

  /**
   * An access token.
   *
   * @param id the public half of the token
   * @param secretHash SHA-256 of its secret, in hex
   * @param identity who it stands for
   * @param expiresAt until when it holds, or null if for ever
   */
  record StoredAccessToken(
      String id, String secretHash, Identity identity, @Nullable Instant expiresAt) {
    /**
     * Checks the parts.
     *
     * @param id the public half of the token
     * @param secretHash SHA-256 of its secret, in hex
     * @param identity who it stands for
     * @param expiresAt until when it holds, or null if for ever
     */
    public StoredAccessToken {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(secretHash, "secretHash");
      Objects.requireNonNull(identity, "identity");
    }

    @Override
    public String toString() {
      return "StoredAccessToken[id="
          + id
          + ", username="
          + identity.username()
          + ", expiresAt="
          + expiresAt
          + "]";
    }
  }

  /**
   * Adds a token.
   *
   * @param token the token
   * @throws dev.fairlead.api.ConflictException if there is a token with that id
   */
  void add(StoredAccessToken token);

  /**
   * Finds a token.
   *
   * @param id the token's id
   * @return the token, or empty
   */
  Optional<StoredAccessToken> find(String id);

  /**
   * Removes a token.
   *
   * @param id the token's id
   * @return whether it was there
   */
  boolean remove(String id);

  /**
   * All tokens.
   *
   * @return a snapshot
   */
  List<StoredAccessToken> list();
}
