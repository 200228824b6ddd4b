package dev.fairlead.core.apikey;

import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import dev.fairlead.api.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records when keys were used last, to the hour: often enough to see which are forgotten, and
 * seldom enough to cost requests nothing. Safe for use by any thread.
 */
final class LastUses {

  private static final Logger log = LoggerFactory.getLogger(LastUses.class);

  /** A disk that does not take it is not asked with each request. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Stores stores;
  private final Set<String> beingRecorded = ConcurrentHashMap.newKeySet();
  private volatile Instant pausedUntil = Instant.MIN;

  LastUses(Stores stores) {
    this.stores = stores;
  }

  /** Blocks, once an hour for each key; a use that cannot be recorded is none that is refused. */
  void note(StoredApiKey key, Instant now) {
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    Instant last = key.lastUsedAt();
    if ((last != null && !last.isBefore(hour))
        || now.isBefore(pausedUntil)
        || !beingRecorded.add(key.id())) {
      return;
    }
    try {
      stores.apiKeys().used(key.id(), hour);
    } catch (RuntimeException e) {
      pausedUntil = now.plus(PAUSE);
      log.warn("API key {}: its use was not recorded: {}", key.id(), e.toString());
    } finally {
      beingRecorded.remove(key.id());
    }
  }
}
