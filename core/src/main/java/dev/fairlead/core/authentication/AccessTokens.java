package dev.fairlead.core.authentication;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.store.AccessTokenStore.StoredAccessToken;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.secret.RandomSecrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens that the hub itself issues, and tells apart when they come back. A token reads
 * {@code flu_<id>_<secret>}; of the secret (256 random bits) only a hash is kept, see {@link
 * RandomSecrets}.
 *
 * <p>Every request reads the store, so a token that was revoked, by whatever hub, holds for no
 * further request. A store may block and an authenticator must not; the store is therefore read on
 * an executor. For stores that answer from memory that may be {@code Runnable::run}.
 *
 * <p>Issuing, listing and revoking block for as long as the store takes. Safe for use by any
 * thread.
 */
public final class AccessTokens implements Authenticator, Grounds {

  /** How long a token that expires at all can live: 3,650 days. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(3_650);

  /** How long an expired token is still known, so that its user is told why it is refused. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final Pattern FORM = Pattern.compile("flu_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
  private static final Authentication UNKNOWN = new Authentication.Unknown();

  private final Stores stores;
  private final InstantSource time;
  private final RandomSecrets secrets;
  private final Executor lookups;
  private final GroundsFeed grounds = new GroundsFeed();

  /**
   * Issues tokens into stores.
   *
   * @param stores where tokens are kept; open whenever a method here is called
   * @param time the wall clock
   * @param random where secrets come from
   * @param lookups where {@link #authenticate} reads the store; one that rejects a task refuses the
   *     request
   */
  public AccessTokens(Stores stores, InstantSource time, SecureRandom random, Executor lookups) {
    this.stores = Objects.requireNonNull(stores, "stores");
    this.time = Objects.requireNonNull(time, "time");
    this.secrets = new RandomSecrets(random);
    this.lookups = Objects.requireNonNull(lookups, "lookups");
  }

  /**
   * Issues a token.
   *
   * @param identity who it stands for
   * @param life how long it holds, more than zero and at most {@link #LONGEST_LIFE}; or null for
   *     until it is revoked
   * @return the token, which is shown this once
   * @throws ForbiddenException if the identity has a name that Kubernetes keeps for itself, see
   *     {@link ReservedNames}
   * @throws InvalidException if {@code life} is out of range
   */
  public IssuedAccessToken issue(Identity identity, @Nullable Duration life) {
    ReservedNames.refuse(identity);
    if (life != null && (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0)) {
      throw new InvalidException(
          "life of access token: " + life + " (expected: more than zero, at most 3650 days)");
    }
    Instant now = time.instant();
    AccessTokenInfo info =
        new AccessTokenInfo(secrets.newId(), identity, life == null ? null : now.plus(life));
    String secret = secrets.newSecret();
    forgetExpired(now.minus(REMEMBERED));
    stores
        .accessTokens()
        .add(
            new StoredAccessToken(
                info.id(), RandomSecrets.hash(secret), identity, info.expiresAt()));
    return new IssuedAccessToken(BearerToken.of("flu_" + info.id() + "_" + secret), info);
  }

  private void forgetExpired(Instant before) {
    for (StoredAccessToken token : stores.accessTokens().list()) {
      Instant expiresAt = token.expiresAt();
      if (expiresAt != null && expiresAt.isBefore(before)) {
        stores.accessTokens().remove(token.id());
      }
    }
  }

  /**
   * The tokens that exist, until 30 days after they expired.
   *
   * @return a snapshot without secrets
   */
  public List<AccessTokenInfo> list() {
    return stores.accessTokens().list().stream()
        .map(token -> new AccessTokenInfo(token.id(), token.identity(), token.expiresAt()))
        .toList();
  }

  /**
   * Makes a token useless, and tells whoever follows.
   *
   * @param id the token's id
   * @throws NotFoundException if there is no such token
   */
  public void revoke(String id) {
    if (!stores.accessTokens().remove(id)) {
      throw new NotFoundException("access token: no such id (expected: one of those listed)");
    }
    grounds.credentialRevoked(credentialId(id), "the access token was revoked");
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link Authentication.Unknown} for a token of another form, else what was found; why a
   *     token is rejected does not tell whether its id exists
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
    String hash = RandomSecrets.hash(form.group(2));
    return CompletableFuture.supplyAsync(() -> examine(id, hash), lookups);
  }

  private Authentication examine(String id, String hash) {
    StoredAccessToken token = stores.accessTokens().find(id).orElse(null);
    if (token == null || !same(token.secretHash(), hash)) {
      return new Authentication.Rejected("access token: unknown or revoked");
    }
    Instant expiresAt = token.expiresAt();
    if (expiresAt != null && !time.instant().isBefore(expiresAt)) {
      return new Authentication.Rejected("access token " + id + ": expired at " + expiresAt);
    }
    return new Authentication.Authenticated(token.identity(), credentialId(id), expiresAt);
  }

  private static String credentialId(String id) {
    return "access-token/" + id;
  }

  @Override
  public Following follow(Listener listener) {
    return grounds.follow(listener);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
