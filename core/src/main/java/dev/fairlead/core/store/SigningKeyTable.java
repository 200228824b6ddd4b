package dev.fairlead.core.store;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.SigningKeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The signing keys. */
final class SigningKeyTable implements SigningKeyStore {

  private final Table<StoredSigningKey> table;

  SigningKeyTable(Table<StoredSigningKey> table) {
    this.table = table;
  }

  @Override
  public void rotate(StoredSigningKey next, Instant verifiesUntil) {
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(verifiesUntil, "verifiesUntil");
    table.<Boolean>change(
        rows -> {
          if (rows.containsKey(next.id())) {
            throw new ConflictException(
                "signing key " + next.id() + ": exists (expected: a new id)");
          }
          rows.replaceAll(
              (id, key) -> key.verifiesUntil() == null ? until(verifiesUntil, key) : key);
          rows.put(next.id(), next);
          return true;
        });
  }

  private static StoredSigningKey until(Instant end, StoredSigningKey key) {
    return new StoredSigningKey(key.id(), key.privateKey(), key.publicKey(), key.createdAt(), end);
  }

  @Override
  public List<StoredSigningKey> list() {
    return List.copyOf(table.rows().values());
  }

  @Override
  public void purge(Instant before) {
    Objects.requireNonNull(before, "before");
    table.<Boolean>change(
        rows ->
            rows.values()
                .removeIf(
                    key -> {
                      Instant end = key.verifiesUntil();
                      return end != null && end.isBefore(before);
                    }));
  }
}
