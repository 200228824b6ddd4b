package dev.fairlead.core.authentication;

import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.ClientCertificate;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.secret.RandomSecrets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Good answers of one authenticator, by hashes of the credentials, for no longer than they hold.
 * Bad answers are not kept, so nobody can push good ones out with tokens that are made up. Requests
 * with a token that is just being examined wait for that one answer.
 */
final class AnswerCache {

  private record Answer(Authenticated found, Instant since, Instant until) {
    boolean holdsAt(Instant now) {
      return now.isBefore(until) && !now.isBefore(since);
    }
  }

  private final int capacity;
  private final InstantSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);
  private final ConcurrentMap<String, CompletableFuture<Authentication>> asking =
      new ConcurrentHashMap<>();
  private long forgotten;

  AnswerCache(int capacity, InstantSource time) {
    this.capacity = capacity;
    this.time = time;
  }

  /**
   * The answer that is kept, or a new one.
   *
   * @param reusable for how long a new answer may be kept at most
   * @param ask gets a new one
   */
  CompletionStage<Authentication> answer(
      Credential credential, Duration reusable, Supplier<CompletionStage<Authentication>> ask) {
    String key = keyOf(credential);
    Authenticated kept = find(key);
    if (kept != null) {
      return CompletableFuture.completedFuture(kept);
    }
    CompletableFuture<Authentication> mine = new CompletableFuture<>();
    CompletableFuture<Authentication> others = asking.putIfAbsent(key, mine);
    if (others != null) {
      return others.copy();
    }
    long before = forgotten();
    ask.get()
        .whenComplete(
            (found, failure) -> {
              if (found instanceof Authenticated good) {
                keep(key, good, reusable, before);
              }
              asking.remove(key, mine);
              if (failure == null) {
                mine.complete(found);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine.copy();
  }

  private static String keyOf(Credential credential) {
    if (credential instanceof BearerToken token) {
      return RandomSecrets.hash(token.reveal());
    }
    // All that a certificate says is in itself; what came with it only proves that it is good.
    X509Certificate own = ((ClientCertificate) credential).own();
    try {
      return "certificate "
          + RandomSecrets.hash(Base64.getEncoder().encodeToString(own.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate of a handshake cannot be encoded", e);
    }
  }

  private @Nullable Authenticated find(String key) {
    Instant now = time.instant();
    lock.lock();
    try {
      Answer kept = answers.get(key);
      if (kept == null) {
        return null;
      }
      if (!kept.holdsAt(now)) {
        answers.remove(key);
        return null;
      }
      return kept.found();
    } finally {
      lock.unlock();
    }
  }

  private void keep(String key, Authenticated found, Duration reusable, long before) {
    Instant now = time.instant();
    Instant until = now.plus(reusable);
    Instant expiresAt = found.expiresAt();
    if (expiresAt != null && expiresAt.isBefore(until)) {
      until = expiresAt;
    }
    lock.lock();
    try {
      if (forgotten != before) {
        return;
      }
      answers.put(key, new Answer(found, now, until));
      if (answers.size() > capacity) {
        Iterator<String> leastUsed = answers.keySet().iterator();
        leastUsed.next();
        leastUsed.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  private long forgotten() {
    lock.lock();
    try {
      return forgotten;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what was found for a user; what is just being found for any is not kept. */
  void forgetUser(String username) {
    lock.lock();
    try {
      forgotten++;
      answers.values().removeIf(answer -> answer.found().identity().username().equals(username));
    } finally {
      lock.unlock();
    }
  }

  /** Drops what was found for a credential; what is just being found for any is not kept. */
  void forget(String credentialId) {
    lock.lock();
    try {
      forgotten++;
      answers.values().removeIf(answer -> answer.found().credentialId().equals(credentialId));
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return answers.size();
    } finally {
      lock.unlock();
    }
  }
}
