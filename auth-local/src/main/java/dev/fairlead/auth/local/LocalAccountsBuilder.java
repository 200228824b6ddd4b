package dev.fairlead.auth.local;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.grounds.GroundsFeed;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.secret.RandomSecrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Collects what accounts are made of. Not for use by several threads. */
public final class LocalAccountsBuilder {

  /** The longest an access token can hold. */
  public static final Duration LONGEST_ACCESS = Duration.ofMinutes(15);

  static final int FAILURES_OF_ACCOUNT = 10;
  static final int FAILURES_OF_ADDRESS = 50;
  private static final Argon2.Cost COST = new Argon2.Cost(19 * 1024, 2, 1);
  private static final int THREADS = 4;
  private static final int MOST_WAITING = 1_024;

  private @Nullable String issuer;
  private @Nullable Stores stores;
  private @Nullable AuditSink audit;
  private List<String> audiences = List.of("fairlead");
  private Duration accessLife = Duration.ofMinutes(10);
  private Duration idle = Duration.ofDays(7);
  private Duration longest = Duration.ofDays(30);
  private Duration signingKeyLife = Duration.ofDays(30);
  private String userPrefix = "local:";
  private String rolePrefix = "local:";
  private InstantSource time = InstantSource.system();
  private SecureRandom random = new SecureRandom();
  private int failuresOfAccount = FAILURES_OF_ACCOUNT;
  private int failuresOfAddress = FAILURES_OF_ADDRESS;
  private int passwordsAtOnce =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
  private Argon2.Cost cost = COST;

  private @Nullable Executor lookups;

  LocalAccountsBuilder() {}

  /**
   * Sets by what tokens name this hub; has to be called.
   *
   * @param url the front door's URL as users know it, such as {@code https://hub.example.com};
   *     https and no path, as the discovery document is found below it
   * @return this
   */
  public LocalAccountsBuilder issuer(String url) {
    issuer = Objects.requireNonNull(url, "url");
    return this;
  }

  /**
   * Sets where users, sessions and signing keys are kept; has to be called.
   *
   * @param kept the hub's own stores, which the hub opens and closes
   * @return this
   */
  public LocalAccountsBuilder stores(Stores kept) {
    stores = Objects.requireNonNull(kept, "kept");
    return this;
  }

  /**
   * Sets where sign-ins, refusals and administration are recorded; has to be called.
   *
   * @param sink the hub's own sink, which the hub closes
   * @return this
   */
  public LocalAccountsBuilder audit(AuditSink sink) {
    audit = Objects.requireNonNull(sink, "sink");
    return this;
  }

  /**
   * Sets whom access tokens are for. Whoever takes them can use them here, too.
   *
   * @param names at least one; {@code fairlead} unless set
   * @return this
   */
  public LocalAccountsBuilder audience(String... names) {
    audiences = List.of(names);
    return this;
  }

  /**
   * Sets how long an access token holds.
   *
   * @param life at least a second, at most {@link #LONGEST_ACCESS}; 10 minutes unless set
   * @return this
   */
  public LocalAccountsBuilder accessTokensFor(Duration life) {
    accessLife = Objects.requireNonNull(life, "life");
    return this;
  }

  /**
   * Sets how long a user stays signed in.
   *
   * @param unused for how long without a refresh; 7 days unless set
   * @param inAll for how long at most; 30 days unless set
   * @return this
   */
  public LocalAccountsBuilder sessionsFor(Duration unused, Duration inAll) {
    idle = Objects.requireNonNull(unused, "unused");
    longest = Objects.requireNonNull(inAll, "inAll");
    return this;
  }

  /**
   * Sets for how long a key signs before another one does.
   *
   * @param life at least an hour; 30 days unless set
   * @return this
   */
  public LocalAccountsBuilder signingKeysFor(Duration life) {
    signingKeyLife = Objects.requireNonNull(life, "life");
    return this;
  }

  /**
   * Sets what is put before e-mails and roles, so that they are no other issuer's users and groups.
   *
   * @param users before e-mails; {@code local:} unless set
   * @param groups before roles; {@code local:} unless set
   * @return this
   */
  public LocalAccountsBuilder prefixes(String users, String groups) {
    userPrefix = Objects.requireNonNull(users, "users");
    rolePrefix = Objects.requireNonNull(groups, "groups");
    return this;
  }

  /**
   * Sets how many failed sign-ins are borne within an hour before there is a lock, of a minute and
   * then longer.
   *
   * @param ofAccount 1 to 100; 10 unless set
   * @param ofAddress 1 to 1,000,000; 50 unless set. Where something before the front door hides the
   *     addresses of users, all have the same: then it has to be many
   * @return this
   */
  public LocalAccountsBuilder failures(int ofAccount, int ofAddress) {
    failuresOfAccount = ofAccount;
    failuresOfAddress = ofAddress;
    return this;
  }

  /**
   * Sets how many passwords are hashed at the same time, each with 19 MiB of memory.
   *
   * @param most 1 to 64; the number of processors, at most 4, unless set
   * @return this
   */
  public LocalAccountsBuilder passwordsAtOnce(int most) {
    passwordsAtOnce = most;
    return this;
  }

  /**
   * Sets the wall clock.
   *
   * @param clock such as the hub's {@link dev.fairlead.api.Time}; the system's unless set
   * @return this
   */
  public LocalAccountsBuilder time(InstantSource clock) {
    time = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets where keys and secrets come from.
   *
   * @param source the system's unless set
   * @return this
   */
  public LocalAccountsBuilder random(SecureRandom source) {
    random = Objects.requireNonNull(source, "source");
    return this;
  }

  /** For tests, which have no time for more. */
  LocalAccountsBuilder cost(Argon2.Cost cheap) {
    cost = cheap;
    return this;
  }

  /** For tests, which want to hold what reads the stores. */
  LocalAccountsBuilder lookups(Executor reading) {
    lookups = reading;
    return this;
  }

  /**
   * Checks everything and makes the accounts, which touch no store before they are used.
   *
   * @return the accounts
   * @throws InvalidException if something is missing or cannot be used; the message lists every
   *     mistake
   */
  public LocalAccounts build() {
    List<String> mistakes = new ArrayList<>();
    String url = issuer;
    if (url == null || !isOrigin(url)) {
      mistakes.add(
          "issuer: "
              + (url == null ? "not set" : "no such URL")
              + " (expected: the front door's, as in https://hub.example.com, without a path)");
    }
    if (stores == null) {
      mistakes.add("stores: not set (expected: the hub's)");
    }
    if (audit == null) {
      mistakes.add("audit: not set (expected: the hub's sink)");
    }
    if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
      mistakes.add("audience: none, or a blank one (expected: at least one)");
    }
    between(Duration.ofSeconds(1), accessLife, LONGEST_ACCESS, "accessTokensFor", mistakes);
    between(accessLife, idle, longest, "sessionsFor, unused", mistakes);
    between(idle, longest, Duration.ofDays(3_650), "sessionsFor, inAll", mistakes);
    between(
        Duration.ofHours(1), signingKeyLife, Duration.ofDays(3_650), "signingKeysFor", mistakes);
    if ((userPrefix + "a").startsWith("system:") || (rolePrefix + "a").startsWith("system:")) {
      mistakes.add("prefixes: begin with system: (expected: what Kubernetes leaves to others)");
    }
    if (passwordsAtOnce < 1 || passwordsAtOnce > 64) {
      mistakes.add("passwordsAtOnce: " + passwordsAtOnce + " (expected: 1-64)");
    }
    if (failuresOfAccount < 1
        || failuresOfAccount > 100
        || failuresOfAddress < 1
        || failuresOfAddress > 1_000_000) {
      mistakes.add(
          "failures: "
              + failuresOfAccount
              + ", "
              + failuresOfAddress
              + " (expected: 1-100 and 1-1000000)");
    }
    if (!mistakes.isEmpty() || url == null || stores == null || audit == null) {
      throw new InvalidException("local accounts: " + String.join("; ", mistakes));
    }
    return wired(url, stores, audit);
  }

  private LocalAccounts wired(String url, Stores kept, AuditSink sink) {
    Executor reading = lookups;
    Runnable end = () -> {};
    if (reading == null) {
      ExecutorService owned =
          DaemonThreads.blocking("fairlead-local-accounts", THREADS, MOST_WAITING);
      reading = owned;
      end = owned::shutdown;
    }
    GroundsFeed grounds = new GroundsFeed();
    Names names = new Names(userPrefix, rolePrefix);
    RandomSecrets secrets = new RandomSecrets(random);
    Passwords passwords = new Passwords(cost, passwordsAtOnce, random);
    Acts acts = new Acts(sink, time);
    SigningKeys keys = new SigningKeys(kept, time, random, signingKeyLife, accessLife, acts);
    SessionTokens tokens = new SessionTokens(url, audiences, accessLife, keys, time);
    UserBook users = new UserBook(kept, passwords, secrets, time, names, grounds);
    Sessions sessions =
        new Sessions(
            kept,
            passwords,
            tokens,
            secrets,
            time,
            names,
            grounds,
            new Sessions.SessionLife(idle, longest),
            new Lockout(failuresOfAccount, failuresOfAddress, time));
    return new LocalAccounts(
        kept, keys, tokens, names, secrets, grounds, users, sessions, acts, time, url, reading,
        end);
  }

  private static void between(
      Duration least, Duration found, Duration most, String name, List<String> mistakes) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      mistakes.add(name + ": " + found + " (expected: " + least + " to " + most + ")");
    }
  }

  private static boolean isOrigin(String url) {
    try {
      URI uri = new URI(url);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && url.equals("https://" + uri.getRawAuthority());
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
