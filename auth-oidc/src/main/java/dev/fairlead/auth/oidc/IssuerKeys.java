package dev.fairlead.auth.oidc;

import dev.fairlead.api.TransportException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's keys: fetched when they are first needed, again in the background before they are
 * stale, and kept for a while when the issuer cannot be reached. One fetch at a time; after one
 * that failed there is a pause. Never blocks.
 */
final class IssuerKeys {

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

  /** After a fetch that failed, and between two for key ids that are not known. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int MOST_WAITING = 1_000;

  private record Fetched(KeySet keys, Instant at) {
    boolean isYoungerThan(Duration age, Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(age));
    }
  }

  private final OidcIssuer issuer;
  private final Discovery discovery;
  private final Fetcher fetcher;
  private final InstantSource time;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Fetched last;
  private @Nullable CompletableFuture<KeySet> fetching;
  private @Nullable Instant failedAt;
  private @Nullable Instant soughtAt;

  IssuerKeys(OidcIssuer issuer, Destination at, Fetcher fetcher, InstantSource time) {
    this.issuer = issuer;
    this.discovery = new Discovery(issuer.url(), at, fetcher);
    this.fetcher = fetcher;
    this.time = time;
  }

  /** The keys as they are; fails if there are none, or only such as are too old. */
  CompletionStage<KeySet> current() {
    Instant now = time.instant();
    CompletableFuture<KeySet> started = null;
    CompletableFuture<KeySet> answer;
    lock.lock();
    try {
      Fetched kept = last;
      boolean fresh = kept != null && kept.isYoungerThan(issuer.keysFresh(), now);
      boolean due =
          kept == null || !kept.isYoungerThan(issuer.keysFresh().multipliedBy(4).dividedBy(5), now);
      boolean pausing = isWithinPause(failedAt, now);
      if (due && fetching == null && !pausing) {
        started = new CompletableFuture<>();
        fetching = started;
      }
      boolean usable = kept != null && kept.isYoungerThan(issuer.keysKept(), now);
      if (kept != null && (fresh || (usable && (failedAt != null || fetching == null)))) {
        answer = CompletableFuture.completedFuture(kept.keys());
      } else if (fetching != null) {
        KeySet fallback = usable && kept != null ? kept.keys() : null;
        answer = awaiting(fetching, fallback);
      } else {
        answer = CompletableFuture.failedFuture(unreachable());
      }
    } finally {
      lock.unlock();
    }
    if (started != null) {
      fetch(started);
    }
    return answer;
  }

  /**
   * The keys as they are after another fetch, for a token whose key is not among them; those that
   * are there if the last such fetch was just now.
   */
  CompletionStage<KeySet> newer(KeySet than) {
    Instant now = time.instant();
    CompletableFuture<KeySet> started = null;
    CompletableFuture<KeySet> answer;
    lock.lock();
    try {
      if (last != null && last.keys() != than) {
        return CompletableFuture.completedFuture(last.keys());
      }
      if (fetching == null && !isWithinPause(soughtAt, now) && !isWithinPause(failedAt, now)) {
        started = new CompletableFuture<>();
        fetching = started;
        soughtAt = now;
      }
      answer =
          fetching == null ? CompletableFuture.completedFuture(than) : awaiting(fetching, than);
    } finally {
      lock.unlock();
    }
    if (started != null) {
      fetch(started);
    }
    return answer;
  }

  private static boolean isWithinPause(@Nullable Instant since, Instant now) {
    return since != null && !now.isBefore(since) && now.isBefore(since.plus(PAUSE));
  }

  private TransportException unreachable() {
    return new TransportException(
        "issuer " + issuer.url() + ": its keys could not be fetched; trying again soon");
  }

  private CompletableFuture<KeySet> awaiting(
      CompletableFuture<KeySet> fetch, @Nullable KeySet fallback) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new TransportException(
              "issuer " + issuer.url() + ": " + MOST_WAITING + " requests wait for its keys"));
    }
    return fetch.handle(
        (keys, failure) -> {
          waiting.decrementAndGet();
          if (keys != null) {
            return keys;
          }
          if (fallback != null) {
            return fallback;
          }
          throw unreachable();
        });
  }

  private void fetch(CompletableFuture<KeySet> started) {
    discovery
        .find("jwks_uri")
        .thenCompose(fetcher::get)
        .thenApply(this::parse)
        .whenComplete((keys, failure) -> finished(started, keys, failure));
  }

  private KeySet parse(String document) {
    try {
      return KeySet.parse(document);
    } catch (ParseException e) {
      throw new TransportException("issuer " + issuer.url() + ": " + e.getMessage());
    }
  }

  private void finished(
      CompletableFuture<KeySet> started, @Nullable KeySet keys, @Nullable Throwable failure) {
    Instant now = time.instant();
    lock.lock();
    try {
      fetching = null;
      if (keys != null) {
        last = new Fetched(keys, now);
        failedAt = null;
      } else {
        failedAt = now;
      }
    } finally {
      lock.unlock();
    }
    if (keys != null) {
      started.complete(keys);
    } else {
      Throwable cause =
          failure != null && failure.getCause() != null ? failure.getCause() : failure;
      log.warn("issuer {}: keys not fetched: {}", issuer.url(), String.valueOf(cause));
      started.completeExceptionally(unreachable());
    }
  }
}
