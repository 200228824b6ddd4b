package dev.fairlead.core.apikey;

import dev.fairlead.api.Identity;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.core.authorization.Scope;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may be known about an API key.
 *
 * @param id the public half of the key, 16 hex digits
 * @param owner what kind of owner it has
 * @param identity who it stands for, as they were when it was issued
 * @param description what it is for; perhaps empty
 * @param scope what it is limited to, or null if its owner's roles alone limit it
 * @param createdAt when it was issued
 * @param expiresAt from when on it no longer holds, or null if it holds until it is revoked
 * @param lastUsedAt the hour in which it was used last, or null if it never was
 */
public record ApiKeyInfo(
    String id,
    ApiKeyStore.Owner owner,
    Identity identity,
    String description,
    @Nullable Scope scope,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  /** Checks the parts. */
  public ApiKeyInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  /**
   * How the key begins, for finding it where it should not be.
   *
   * @return {@code flk_<id>_}, which is no secret
   */
  public String prefix() {
    return "flk_" + id + "_";
  }
}
