package dev.fairlead.core.apikey;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.authorization.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a key that comes back is worth. Safe for use by any thread. */
final class KeyCheck {

  private static final int MOST_SCOPES = 1_000;

  private final Stores stores;
  private final InstantSource time;
  private final List<UserDirectory> directories;
  private final LastUses lastUses;
  private final Map<String, Scope> scopes = new ConcurrentHashMap<>();

  KeyCheck(Stores stores, InstantSource time, List<UserDirectory> directories) {
    this.stores = stores;
    this.time = time;
    this.directories = List.copyOf(directories);
    this.lastUses = new LastUses(stores);
  }

  Authentication examine(String id, String hash) {
    StoredApiKey key = stores.apiKeys().find(id).orElse(null);
    if (key == null || !same(key.secretHash(), hash)) {
      return new Authentication.Rejected("API key: unknown or revoked");
    }
    Instant now = time.instant();
    Instant expiresAt = key.expiresAt();
    if (expiresAt != null && !now.isBefore(expiresAt)) {
      return new Authentication.Rejected("API key " + id + ": expired at " + expiresAt);
    }
    Identity identity = key.identity();
    UserDirectory.Found owner = owner(key);
    if (owner instanceof UserDirectory.Found.Blocked blocked) {
      return new Authentication.Rejected("API key " + id + ": its owner: " + blocked.reason());
    }
    if (owner instanceof UserDirectory.Found.Active active) {
      identity = active.identity();
    }
    lastUses.note(key, now);
    return new Authentication.Authenticated(identity, credentialId(id), expiresAt, scope(key));
  }

  private UserDirectory.Found owner(StoredApiKey key) {
    if (key.owner() == ApiKeyStore.Owner.USER) {
      for (UserDirectory directory : directories) {
        UserDirectory.Found found =
            Objects.requireNonNull(directory.find(key.identity().username()), "a found user");
        if (!(found instanceof UserDirectory.Found.Elsewhere)) {
          return found;
        }
      }
    }
    return new UserDirectory.Found.Elsewhere();
  }

  @Nullable Scope scope(StoredApiKey key) {
    String text = key.scope();
    if (text == null) {
      return null;
    }
    Scope known = scopes.get(text);
    if (known == null) {
      if (scopes.size() >= MOST_SCOPES) {
        scopes.clear();
      }
      known = Scope.parse(text, "scope of API key " + key.id());
      scopes.put(text, known);
    }
    return known;
  }

  static String credentialId(String id) {
    return "api-key/" + id;
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
