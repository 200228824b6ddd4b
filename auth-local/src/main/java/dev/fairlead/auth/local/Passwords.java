package dev.fairlead.auth.local;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.core.secret.RandomSecrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Hashes passwords, a few at a time: each takes memory and time on purpose. Who finds no place
 * within some seconds is turned away.
 */
final class Passwords {

  static final int SHORTEST = 12;
  static final int LONGEST = 256;

  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(?:0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");
  private static final int WAIT_SECONDS = 5;
  private static final int MOST_WAITING = 8;

  private final Argon2.Cost cost;
  private final SecureRandom random;
  private final Semaphore places;
  private final String decoy;

  Passwords(Argon2.Cost cost, int atOnce, SecureRandom random) {
    this.cost = cost;
    this.random = random;
    this.places = new Semaphore(atOnce, true);
    this.decoy = Argon2.of(new RandomSecrets(random).newSecret(), cost, random).text();
  }

  /** Refuses what is no password for a user. */
  static void require(String password) {
    int length = password.codePointCount(0, password.length());
    if (length < SHORTEST || length > LONGEST) {
      throw new InvalidException(
          "password: " + length + " characters (expected: " + SHORTEST + "-" + LONGEST + ")");
    }
  }

  /** Refuses what is no hash that can be verified here. */
  static void requireKnown(String hash) {
    if (!BCRYPT.matcher(hash).matches() && Argon2.parse(hash).isEmpty()) {
      throw new InvalidException(
          "password hash: of another form or cost (expected: bcrypt of cost 4-14, or Argon2id of at"
              + " most 64 MiB and 16 passes)");
    }
  }

  String hash(String password) {
    return inPlace(() -> Argon2.of(password, cost, random).text());
  }

  boolean matches(String hash, String password) {
    // What no user can have is not worth its time, which tells nothing about any user.
    return password.length() <= 2 * LONGEST && inPlace(() -> verify(hash, password));
  }

  /** Takes as long as a comparison with a user's hash. */
  void matchNobody(String password) {
    matches(decoy, password);
  }

  private static boolean verify(String hash, String password) {
    Optional<Argon2> argon2 = Argon2.parse(hash);
    if (argon2.isPresent()) {
      return argon2.get().matches(password);
    }
    return BCRYPT.matcher(hash).matches()
        && OpenBSDBCrypt.checkPassword(hash, password.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a hash is of another kind than those made today. */
  boolean isOutdated(String hash) {
    return Argon2.parse(hash).map(argon2 -> !argon2.cost().equals(cost)).orElse(true);
  }

  private <T> T inPlace(Supplier<T> work) {
    // Whoever waits holds a thread of the door's, which others need, too.
    if (places.getQueueLength() >= MOST_WAITING) {
      throw busy();
    }
    try {
      if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  private static LimitException busy() {
    return new LimitException("passwords: too many are examined (expected: fewer; try again soon)");
  }
}
