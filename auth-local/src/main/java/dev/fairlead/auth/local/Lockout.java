package dev.fairlead.auth.local;

import dev.fairlead.core.secret.RandomSecrets;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Keeps those out who guess passwords: by the account they guess at and by where they come from.
 * Made-up accounts are locked like others, so that a lock tells nothing, but are counted apart:
 * nobody can push a real account's count out with accounts that are made up.
 */
final class Lockout {

  static final int MOST_KEYS = 10_000;
  private static final int MOST_USERS = 100_000;
  private static final Duration LOCK = Duration.ofMinutes(1);

  private final Attempts ofUser;
  private final Attempts ofStranger;
  private final Attempts ofSource;

  /** One guess under way; its end is told once. */
  record Guess(Attempts.Attempt account, Attempts.Attempt source) {

    void right() {
      account.succeeded();
      // Whoever has one account must not guess at others for ever by signing in between.
      source.abandoned();
    }

    void wrong() {
      account.failed();
      source.failed();
    }

    void abandoned() {
      account.abandoned();
      source.abandoned();
    }
  }

  Lockout(int mostOfAccount, int mostOfSource, InstantSource time) {
    ofUser = new Attempts("this account", mostOfAccount, MOST_USERS, LOCK, time);
    ofStranger = new Attempts("this account", mostOfAccount, MOST_KEYS, LOCK, time);
    ofSource = new Attempts("your address", mostOfSource, MOST_KEYS, LOCK, time);
  }

  /**
   * Begins a guess.
   *
   * @throws dev.fairlead.api.LimitException if there were too many
   */
  Guess begin(String email, boolean isUser, String source) {
    Attempts.Attempt fromSource = ofSource.begin(SourceAddress.key(source));
    try {
      return new Guess((isUser ? ofUser : ofStranger).begin(RandomSecrets.hash(email)), fromSource);
    } catch (RuntimeException e) {
      fromSource.abandoned();
      throw e;
    }
  }

  /** How many keys are kept in all. */
  int size() {
    return ofUser.size() + ofStranger.size() + ofSource.size();
  }
}
