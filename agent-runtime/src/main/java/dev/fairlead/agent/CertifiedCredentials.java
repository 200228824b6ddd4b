package dev.fairlead.agent;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.pki.AgentCredentials;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.pki.PkiException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key and a certificate of the hub's authority: got for an install token once, kept, and renewed
 * with a new key after two thirds of the certificate's life, a little earlier or later so that
 * agents do not come in step. A renewal that fails is tried again for as long as the agent runs: a
 * certificate that is over by a clock that is wrong holds again when the clock is right.
 */
final class CertifiedCredentials implements HubCredentials {

  private static final Logger log = LoggerFactory.getLogger(CertifiedCredentials.class);
  private static final double RENEW_AT = 2.0 / 3;
  private static final double JITTER = 0.05;
  private static final Duration LONGEST_STEP = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

  private record Current(AgentCredentials credentials, TlsMaterial tls, int generation) {}

  private final AgentTransport transport;
  private final Supplier<AgentKeys> openKeys;
  private final @Nullable CertificatePin pin;
  private final @Nullable InstallToken token;
  private final Executor blocking;
  private final Time time;
  private final RandomGenerator random;
  private final Backoff retries;
  private volatile @Nullable Current current;
  private volatile @Nullable AgentKeys keys;
  private volatile Time.@Nullable Scheduled next;
  private volatile boolean stopped;

  CertifiedCredentials(
      AgentTransport transport,
      Supplier<AgentKeys> openKeys,
      @Nullable CertificatePin pin,
      @Nullable InstallToken token,
      Executor blocking,
      Time time,
      RandomGenerator random) {
    this.transport = transport;
    this.openKeys = openKeys;
    this.pin = pin;
    this.token = token;
    this.blocking = blocking;
    this.time = time;
    this.random = random;
    this.retries = new Backoff(random, FIRST_RETRY, LONGEST_RETRY);
  }

  @Override
  public void obtain() {
    try {
      AgentKeys opened = openKeys.get();
      keys = opened;
      Optional<AgentCredentials> kept = opened.load();
      if (kept.isPresent() && (token == null || isValid(kept.get()))) {
        use(kept.get());
        current();
      } else {
        enrol(opened);
      }
    } catch (PkiException e) {
      throw new InvalidException("agent's key: " + e.getMessage(), e);
    }
  }

  private boolean isValid(AgentCredentials credentials) {
    return time.instant().isBefore(credentials.notAfter());
  }

  private void enrol(AgentKeys opened) {
    if (token == null || pin == null) {
      throw new InvalidException(
          "agent: has no certificate yet, and "
              + (token == null ? "no install token" : "no pin of the hub's CA")
              + " (expected: enrolWith(token) and pinning(pin) for the first start)");
    }
    KeyPair pair = opened.newKeyPair();
    TlsMaterial trust = new TlsMaterial(List.of(), List.of(pin.trustManager(time)));
    Enrolment enrolment = transport.enrol(trust, token, opened.csr(pair));
    AgentCredentials enrolled = credentials(pair, enrolment);
    if (!pin.matches(enrolled.hubCa())) {
      throw new TransportException(
          "enrolment: the certificate's CA is not the pinned one (expected: " + pin + ")");
    }
    opened.save(enrolled);
    use(enrolled);
    log.info("enrolled with install token {} as {}", token.id(), enrolled.subject());
  }

  private static AgentCredentials credentials(KeyPair pair, Enrolment enrolment) {
    List<X509Certificate> chain = enrolment.chain();
    return AgentCredentials.of(pair.getPrivate(), chain.get(0), chain.get(chain.size() - 1));
  }

  private void use(AgentCredentials credentials) {
    Current former = current;
    TlsMaterial tls =
        new TlsMaterial(
            List.of(credentials.keyManagers()), List.of(credentials.trustManagers(time)));
    current = new Current(credentials, tls, former == null ? 0 : former.generation() + 1);
  }

  private Current present() {
    Current present = current;
    if (present == null) {
      throw new IllegalStateException("agent: no credentials (expected: obtain() first)");
    }
    return present;
  }

  @Override
  public TlsMaterial current() {
    Current present = present();
    if (!isValid(present.credentials())) {
      throw new UnauthenticatedException(
          "agent's certificate: expired at "
              + present.credentials().notAfter()
              + " (expected: a valid one; enrol again with a new install token)");
    }
    return present.tls();
  }

  @Override
  public int generation() {
    return present().generation();
  }

  @Override
  public void keepFresh(Runnable renewed) {
    waitFor(due(), renewed);
  }

  private Instant due() {
    double part = RENEW_AT + JITTER * (2 * random.nextDouble() - 1);
    return present().credentials().notBefore().plusMillis((long) (life().toMillis() * part));
  }

  private Duration life() {
    AgentCredentials now = present().credentials();
    return Duration.between(now.notBefore(), now.notAfter());
  }

  /** In steps, as a machine that sleeps stops one clock and not the other. */
  private void waitFor(Instant due, Runnable renewed) {
    Duration left = Duration.between(time.instant(), due);
    Runnable then;
    if (left.isNegative() || left.isZero()) {
      then = () -> renewSoon(renewed);
    } else {
      then = () -> waitFor(due, renewed);
    }
    after(left.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : left, then);
  }

  private void after(Duration pause, Runnable then) {
    if (!stopped) {
      next = time.schedule(pause, then);
      if (stopped) {
        stop();
      }
    }
  }

  private void renewSoon(Runnable renewed) {
    try {
      blocking.execute(() -> renew(renewed));
    } catch (RejectedExecutionException e) {
      log.debug("the agent is being closed");
    }
  }

  private void renew(Runnable renewed) {
    AgentKeys opened = keys;
    if (stopped || opened == null) {
      return;
    }
    Instant expiry = present().credentials().notAfter();
    try {
      KeyPair pair = opened.newKeyPair();
      Enrolment renewal = transport.renew(current(), opened.csr(pair));
      AgentCredentials fresh = credentials(pair, renewal);
      if (!fresh.hubCa().equals(present().credentials().hubCa())) {
        throw new TransportException("renewal: by another CA (expected: the one that enrolled)");
      }
      opened.save(fresh);
      use(fresh);
      log.info("certificate renewed until {}", fresh.notAfter());
    } catch (RuntimeException e) {
      if (stopped) {
        return;
      }
      log.warn(
          "certificate could not be renewed; it is valid until {}: {}", expiry, e.getMessage());
      after(retries.next(), () -> renewSoon(renewed));
      return;
    }
    retries.reset();
    renewed.run();
    // By a clock that is far enough ahead of the hub's it is due again at once.
    Duration quarter = life().dividedBy(4);
    Instant due = due();
    after(
        quarter.compareTo(LONGEST_RETRY) < 0 ? quarter : LONGEST_RETRY,
        () -> waitFor(due, renewed));
  }

  @Override
  public void stop() {
    stopped = true;
    Time.Scheduled waiting = next;
    if (waiting != null) {
      waiting.cancel();
    }
  }
}
