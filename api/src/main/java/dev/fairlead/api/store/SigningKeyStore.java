package dev.fairlead.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys with which the hub signs tokens, private halves included. */
public interface SigningKeyStore {

  /**
   * A key.
   *
   * @param id by what tokens name it
   * @param privateKey PKCS #8 in base64
   * @param publicKey SubjectPublicKeyInfo in base64
   * @param createdAt since when it signs
   * @param verifiesUntil until when what it signed holds, or null if it still signs
   */
  record StoredSigningKey(
      String id,
      String privateKey,
      String publicKey,
      Instant createdAt,
      @Nullable Instant verifiesUntil) {
    /**
     * Checks the parts.
     *
     * @param id by what tokens name it
     * @param privateKey PKCS #8 in base64
     * @param publicKey SubjectPublicKeyInfo in base64
     * @param createdAt since when it signs
     * @param verifiesUntil until when what it signed holds, or null if it still signs
     */
    public StoredSigningKey {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(privateKey, "privateKey");
      Objects.requireNonNull(publicKey, "publicKey");
      Objects.requireNonNull(createdAt, "createdAt");
    }

    /** All but the keys. */
    @Override
    public String toString() {
      return "StoredSigningKey[id="
          + id
          + ", createdAt="
          + createdAt
          + ", verifiesUntil="
          + verifiesUntil
          + "]";
    }
  }

  /**
   * Lets a new key sign in the place of all others.
   *
   * @param next the key, which signs from now on
   * @param verifiesUntil until when those hold that have signed until now; keys that no longer
   *     signed keep their time
   * @throws dev.fairlead.api.ConflictException if there is a key with that id; then nothing was
   *     changed
   */
  void rotate(StoredSigningKey next, Instant verifiesUntil);

  /**
   * All keys.
   *
   * @return a snapshot, in the order in which they were added
   */
  List<StoredSigningKey> list();

  /**
   * Forgets keys that verify no more.
   *
   * @param before those that verified until a time before this
   */
  void purge(Instant before);
}
