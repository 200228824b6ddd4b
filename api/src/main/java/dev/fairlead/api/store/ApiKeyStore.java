package dev.fairlead.api.store;

import dev.fairlead.api.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API keys that the hub issued to users and services; their secrets only as hashes. */
public interface ApiKeyStore {

  /** Whose keys there are. */
  enum Owner {
    /** A person: the key is personal, and may do no more than they may now. */
    USER,
    /** A program, which has no other way to come in. */
    SERVICE
  }

  /**
   * An API key.
   *
   * @param id the public half of the key
   * @param secretHash HMAC-SHA-256 of the id under its secret, in hex
   * @param owner what kind of owner it has
   * @param identity who it stands for, as they were when it was issued
   * @param description what it is for, in the words of who asked for it; perhaps empty
   * @param scope the rules that limit it, as JSON; or null if its owner's roles alone do
   * @param createdAt when it was issued
   * @param expiresAt until when it holds, or null if for ever
   * @param lastUsedAt when it was used last, as far as was recorded, or null if never
   */
  record StoredApiKey(
      String id,
      String secretHash,
      Owner owner,
      Identity identity,
      String description,
      @Nullable String scope,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt) {
    /**
     * Checks the parts.
     *
     * @param id the public half of the key
     * @param secretHash HMAC-SHA-256 of the id under its secret, in hex
     * @param owner what kind of owner it has
     * @param identity who it stands for, as they were when it was issued
     * @param description what it is for; perhaps empty
     * @param scope the rules that limit it, as JSON, or null
     * @param createdAt when it was issued
     * @param expiresAt until when it holds, or null if for ever
     * @param lastUsedAt when it was used last, as far as was recorded, or null if never
     */
    public StoredApiKey {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(secretHash, "secretHash");
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(identity, "identity");
      Objects.requireNonNull(description, "description");
      Objects.requireNonNull(createdAt, "createdAt");
    }

    /**
     * The same key, used later.
     *
     * @param at when
     * @return a new value
     */
    public StoredApiKey usedAt(Instant at) {
      return new StoredApiKey(
          id, secretHash, owner, identity, description, scope, createdAt, expiresAt, at);
    }

    @Override
    public String toString() {
      return "StoredApiKey[id="
          + id
          + ", owner="
          + owner
          + ", username="
          + identity.username()
          + ", expiresAt="
          + expiresAt
          + "]";
    }
  }

  /**
   * Adds a key.
   *
   * @param key the key
   * @throws dev.fairlead.api.ConflictException if there is a key with that id
   */
  void add(StoredApiKey key);

  /**
   * Finds a key.
   *
   * @param id the key's id
   * @return the key, or empty
   */
  Optional<StoredApiKey> find(String id);

  /**
   * Records that a key was used. Does nothing if there is no such key, or if a use at that time or
   * later is recorded.
   *
   * @param id the key's id
   * @param at when
   */
  void used(String id, Instant at);

  /**
   * Removes a key.
   *
   * @param id the key's id
   * @return whether it was there
   */
  boolean remove(String id);

  /**
   * All keys.
   *
   * @return a snapshot
   */
  List<StoredApiKey> list();
}
