package dev.fairlead.core.tls;

import dev.fairlead.api.Time;
import dev.fairlead.pki.PkiException;
import dev.fairlead.pki.RotatingCertificate;
import dev.fairlead.pki.ServerCertificate;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate of the hub's own authority, renewed while it is shown. */
public final class ShownCertificate implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShownCertificate.class);

  /** A wall clock that is set is found out so soon. */
  private static final Duration CHECK = Duration.ofSeconds(15);

  private final String where;
  private final Supplier<ServerCertificate> issue;
  private final Time time;
  private final RotatingCertificate current;
  private Time.@Nullable Scheduled next;
  private boolean failed;
  private boolean closed;

  /**
   * Has the first one issued.
   *
   * @param where where it is shown, for the log
   * @param issue issues one
   * @param time tells when the next one is due
   * @throws PkiException if none can be issued
   */
  public ShownCertificate(String where, Supplier<ServerCertificate> issue, Time time) {
    this.where = where;
    this.issue = issue;
    this.time = time;
    this.current = RotatingCertificate.of(issue.get());
  }

  /**
   * What TLS shows.
   *
   * @return the same for good, with the certificate of the moment
   */
  public X509ExtendedKeyManager keyManager() {
    return current;
  }

  /** Renews it from now on, until it is closed. One that cannot be renewed is tried again. */
  public synchronized void keepFresh() {
    if (!closed) {
      next = time.schedule(CHECK, this::check);
    }
  }

  private synchronized void check() {
    if (closed) {
      return;
    }
    keepFresh();
    if (!current.isDue(time.instant())) {
      return;
    }
    try {
      current.replace(issue.get());
      log.info("{}: renewed its certificate, which holds until {}", where, current.notAfter());
      failed = false;
    } catch (PkiException e) {
      if (!failed) {
        log.warn("{}: no new certificate, trying on: {}", where, e.getMessage());
      }
      failed = true;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
