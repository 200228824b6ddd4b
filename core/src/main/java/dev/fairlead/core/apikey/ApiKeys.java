package dev.fairlead.core.apikey;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.secret.RandomSecrets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * API keys: bearer tokens that the hub itself issues, to people and to services, and tells apart
 * when they come back. A key reads {@code flk_<id>_<secret>}; of the secret (256 random bits) only
 * a keyed hash is kept, see {@link RandomSecrets#hash(String, String)}.
 *
 * <p>A key is good for what its owner may do when it is used, and for no more: the roles are asked
 * about the owner, in the groups that a {@link UserDirectory} tells of now (without one, in those
 * of when it was issued), and then the key's {@link Scope}.
 *
 * <p>A key that this hub revokes holds for no further request; one that another hub with the same
 * stores revokes, for a few seconds at most, see {@link #reusableFor}. A store may block and an
 * authenticator must not; the store is therefore read on an executor. For stores that answer from
 * memory that may be {@code Runnable::run}.
 *
 * <p>Issuing, listing and revoking block for as long as the store takes. Safe for use by any
 * thread.
 */
public final class ApiKeys implements Authenticator, Grounds {

  /** How long a key that expires at all can live: 3,650 days. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(3_650);

  /** How many keys an owner can have: 100. */
  public static final int MOST_OF_ONE = 100;

  /** How long an expired key is still known, so that its user is told why it is refused. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final Pattern FORM = Pattern.compile("flk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
  private static final Authentication UNKNOWN = new Authentication.Unknown();

  private final Stores stores;
  private final InstantSource time;
  private final RandomSecrets secrets;
  private final Executor lookups;
  private final KeyRecords records;
  private final KeyCheck check;
  private final GroundsFeed grounds;

  /**
   * Issues keys into stores, which nothing records.
   *
   * @param stores where keys are kept; open whenever a method here is called
   * @param time the wall clock
   * @param random where secrets come from
   * @param lookups where {@link #authenticate} reads the store and asks directories; one that
   *     rejects a task refuses the request
   * @param directories who may know the owners of personal keys, in the order they are asked
   */
  public ApiKeys(
      Stores stores,
      InstantSource time,
      SecureRandom random,
      Executor lookups,
      List<UserDirectory> directories) {
    this(stores, time, random, lookups, directories, KeyRecords.NONE);
  }

  /**
   * Issues keys into stores.
   *
   * @param stores where keys are kept; open whenever a method here is called
   * @param time the wall clock
   * @param random where secrets come from
   * @param lookups where {@link #authenticate} reads the store and asks directories; one that
   *     rejects a task refuses the request
   * @param directories who may know the owners of personal keys, in the order they are asked
   * @param records where it is recorded that keys are issued and revoked
   */
  public ApiKeys(
      Stores stores,
      InstantSource time,
      SecureRandom random,
      Executor lookups,
      List<UserDirectory> directories,
      KeyRecords records) {
    this.stores = Objects.requireNonNull(stores, "stores");
    this.time = Objects.requireNonNull(time, "time");
    this.secrets = new RandomSecrets(random);
    this.lookups = Objects.requireNonNull(lookups, "lookups");
    this.records = Objects.requireNonNull(records, "records");
    this.check = new KeyCheck(stores, time, directories);
    this.grounds = new GroundsFeed();
  }

  private ApiKeys(ApiKeys same, KeyRecords records) {
    this.stores = same.stores;
    this.time = same.time;
    this.secrets = same.secrets;
    this.lookups = same.lookups;
    this.records = records;
    this.check = same.check;
    this.grounds = same.grounds;
  }

  /**
   * The same keys for a caller who records what is done to them, as pages do that know who asks.
   *
   * @return these keys, recording nothing
   */
  public ApiKeys recordedByCaller() {
    return new ApiKeys(this, KeyRecords.NONE);
  }

  /**
   * Issues a key.
   *
   * @param order what it is to be like
   * @return the key, which is shown this once
   * @throws ForbiddenException if the identity has a name that Kubernetes keeps for itself
   * @throws InvalidException with all that is wrong with the order
   * @throws LimitException if the owner has {@link #MOST_OF_ONE} keys
   */
  public IssuedApiKey issue(ApiKeyOrder order) {
    return records.keep(
        "create",
        "",
        () -> issued(order),
        key ->
            Map.of(
                "fairlead.dev/api-key", key.info().id(),
                "fairlead.dev/owner", key.info().identity().username()));
  }

  private IssuedApiKey issued(ApiKeyOrder order) {
    order.check();
    Instant now = time.instant();
    forgetExpired(now.minus(REMEMBERED));
    String username = order.identity().username();
    if (list(username).size() >= MOST_OF_ONE) {
      throw new LimitException(
          "API keys of this owner: " + MOST_OF_ONE + " (expected: fewer; revoke some)");
    }
    Scope scope = order.scope();
    Duration life = order.life();
    String id = secrets.newId();
    String secret = secrets.newSecret();
    StoredApiKey key =
        new StoredApiKey(
            id,
            RandomSecrets.hash(secret, id),
            order.owner(),
            order.identity(),
            order.description(),
            scope == null ? null : scope.toJson(),
            now,
            life == null ? null : now.plus(life),
            null);
    stores.apiKeys().add(key);
    ApiKeyInfo info = info(key);
    return new IssuedApiKey(BearerToken.of(info.prefix() + secret), info);
  }

  private void forgetExpired(Instant before) {
    for (StoredApiKey key : stores.apiKeys().list()) {
      Instant expiresAt = key.expiresAt();
      if (expiresAt != null && expiresAt.isBefore(before)) {
        stores.apiKeys().remove(key.id());
      }
    }
  }

  /**
   * The keys that exist, until 30 days after they expired.
   *
   * @return a snapshot without secrets
   */
  public List<ApiKeyInfo> list() {
    return stores.apiKeys().list().stream().map(this::info).toList();
  }

  /**
   * The keys of one owner, until 30 days after they expired.
   *
   * @param username the owner's name; of a service with its prefix {@code service:}
   * @return a snapshot without secrets
   */
  public List<ApiKeyInfo> list(String username) {
    Objects.requireNonNull(username, "username");
    return stores.apiKeys().list().stream()
        .filter(key -> key.identity().username().equals(username))
        .map(this::info)
        .toList();
  }

  private ApiKeyInfo info(StoredApiKey key) {
    return new ApiKeyInfo(
        key.id(),
        key.owner(),
        key.identity(),
        key.description(),
        check.scope(key),
        key.createdAt(),
        key.expiresAt(),
        key.lastUsedAt());
  }

  /**
   * Makes a key useless, and ends what runs on it.
   *
   * @param id the key's id
   * @throws NotFoundException if there is no such key
   */
  public void revoke(String id) {
    records.keep("delete", id, () -> revoked(id), revoked -> Map.of());
  }

  private String revoked(String id) {
    if (!stores.apiKeys().remove(id)) {
      throw new NotFoundException("API key: no such id (expected: one of those listed)");
    }
    grounds.credentialRevoked(KeyCheck.credentialId(id), "the API key was revoked");
    return id;
  }

  /**
   * Makes all keys of an owner useless, and ends what runs on them: for owners that are no more, so
   * that nobody who gets the same name later has them.
   *
   * @param username the owner's name; of a service with its prefix {@code service:}
   */
  public void revokeAllOf(String username) {
    records.keep(
        "deletecollection",
        "",
        () -> allRevokedOf(username),
        ids ->
            Map.of("fairlead.dev/owner", username, "fairlead.dev/api-keys", String.join(" ", ids)));
  }

  private List<String> allRevokedOf(String username) {
    List<String> ids = new ArrayList<>();
    for (ApiKeyInfo key : list(username)) {
      if (stores.apiKeys().remove(key.id())) {
        ids.add(key.id());
        grounds.credentialRevoked(KeyCheck.credentialId(key.id()), "the API key was revoked");
      }
    }
    return ids;
  }

  /**
   * {@inheritDoc} The store is not asked with each request: what this hub revokes is told at once,
   * and what another hub with the same stores revokes, or a directory that is no {@link Grounds},
   * is noticed after this time.
   *
   * @return 5 seconds
   */
  @Override
  public Duration reusableFor() {
    return Duration.ofSeconds(5);
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link Authentication.Unknown} for a token of another form, else what was found; why a
   *     key is rejected does not tell whether its id exists
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    if (!(credential instanceof BearerToken token)) {
      return CompletableFuture.completedFuture(UNKNOWN);
    }
    Matcher form = FORM.matcher(token.reveal());
    if (!form.matches()) {
      return CompletableFuture.completedFuture(UNKNOWN);
    }
    String id = form.group(1);
    String hash = RandomSecrets.hash(form.group(2), id);
    return CompletableFuture.supplyAsync(() -> check.examine(id, hash), lookups);
  }

  @Override
  public Following follow(Listener listener) {
    return grounds.follow(listener);
  }
}
