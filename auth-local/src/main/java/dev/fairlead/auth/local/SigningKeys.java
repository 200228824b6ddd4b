package dev.fairlead.auth.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.store.SigningKeyStore;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import dev.fairlead.api.store.Stores;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that sign tokens: the newest signs, the former ones verify until the last token they
 * signed has expired. A key that has signed for long enough is replaced by whoever wants to sign
 * next, so that no thread has to wait for that moment.
 */
final class SigningKeys {

  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
  private static final int BITS = 2_048;

  /** Clocks of those who verify may be late by so much. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** A key with its halves read. */
  record Key(String id, RSAPrivateKey privateKey, RSAPublicKey publicKey) {
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  private final Stores stores;
  private final InstantSource time;
  private final SecureRandom random;
  private final Duration signsFor;
  private final Duration tokenLife;
  private final Acts acts;
  private final ReentrantLock rotating = new ReentrantLock();
  private final Map<String, Key> read = new ConcurrentHashMap<>();

  SigningKeys(
      Stores stores,
      InstantSource time,
      SecureRandom random,
      Duration signsFor,
      Duration tokenLife,
      Acts acts) {
    this.stores = stores;
    this.time = time;
    this.random = random;
    this.signsFor = signsFor;
    this.tokenLife = tokenLife;
    this.acts = acts;
  }

  private SigningKeyStore store() {
    return stores.signingKeys();
  }

  /** The key that signs now. */
  Key signing() {
    StoredSigningKey newest = newest();
    if (newest == null || isDue(newest)) {
      rotating.lock();
      try {
        newest = newest();
        if (newest == null || isDue(newest)) {
          return rotateOnSchedule(newest);
        }
      } finally {
        rotating.unlock();
      }
    }
    return key(newest);
  }

  /**
   * On record as the hub's own act. One that cannot be recorded is not done: the former key, if
   * there is one, goes on until it can.
   */
  private Key rotateOnSchedule(@Nullable StoredSigningKey former) {
    try {
      return acts.keep(acts.beginByHub("create", "signingkeys"), 204, this::rotate);
    } catch (OfflineException e) {
      if (former == null) {
        throw e;
      }
      log.warn("signing key {} is due and signs on: {}", former.id(), e.getMessage());
      return key(former);
    }
  }

  private boolean isDue(StoredSigningKey key) {
    return !time.instant().isBefore(key.createdAt().plus(signsFor));
  }

  private @Nullable StoredSigningKey newest() {
    StoredSigningKey newest = null;
    for (StoredSigningKey key : store().list()) {
      if (key.verifiesUntil() == null) {
        newest = key;
      }
    }
    return newest;
  }

  /** Lets a new key sign. */
  Key rotate() {
    rotating.lock();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS, random);
      KeyPair pair = generator.generateKeyPair();
      String id =
          new RSAKey.Builder((RSAPublicKey) pair.getPublic())
              .build()
              .computeThumbprint()
              .toString();
      Instant now = time.instant();
      Base64.Encoder base64 = Base64.getEncoder();
      StoredSigningKey next =
          new StoredSigningKey(
              id,
              base64.encodeToString(pair.getPrivate().getEncoded()),
              base64.encodeToString(pair.getPublic().getEncoded()),
              now,
              null);
      store().rotate(next, now.plus(tokenLife).plus(SKEW));
      store().purge(now);
      List<String> kept = store().list().stream().map(StoredSigningKey::id).toList();
      read.keySet().retainAll(kept);
      return key(next);
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("RSA is missing (expected: in every Java runtime)", e);
    } finally {
      rotating.unlock();
    }
  }

  /** The key that a token names, if it verifies still. */
  Optional<RSAPublicKey> verifying(String id) {
    return present().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .map(this::key)
        .map(Key::publicKey);
  }

  private List<StoredSigningKey> present() {
    Instant now = time.instant();
    List<StoredSigningKey> present = new ArrayList<>();
    for (StoredSigningKey key : store().list()) {
      Instant end = key.verifiesUntil();
      if (end == null || now.isBefore(end)) {
        present.add(key);
      }
    }
    return present;
  }

  /** The public halves of all that verify (RFC 7517). */
  String jwks() {
    signing();
    List<JWK> listed = new ArrayList<>();
    for (StoredSigningKey stored : present()) {
      Key key = key(stored);
      listed.add(
          new RSAKey.Builder(key.publicKey())
              .keyID(key.id())
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .build());
    }
    return new JWKSet(listed).toString(true);
  }

  private Key key(StoredSigningKey stored) {
    return read.computeIfAbsent(stored.id(), id -> read(stored));
  }

  private static Key read(StoredSigningKey stored) {
    try {
      KeyFactory rsa = KeyFactory.getInstance("RSA");
      Base64.Decoder base64 = Base64.getDecoder();
      return new Key(
          stored.id(),
          (RSAPrivateKey)
              rsa.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(stored.privateKey()))),
          (RSAPublicKey)
              rsa.generatePublic(new X509EncodedKeySpec(base64.decode(stored.publicKey()))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "signing key " + stored.id() + ": cannot be read (expected: as a hub wrote it)", e);
    }
  }
}
