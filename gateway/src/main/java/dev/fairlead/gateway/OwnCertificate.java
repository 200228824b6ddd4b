package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.pki.PkiException;
import dev.fairlead.pki.RotatingCertificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A front door's certificate by its hub's own authority, renewed while the door is open. */
final class OwnCertificate implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OwnCertificate.class);
  private static final Duration LIFE = Duration.ofDays(90);

  /** A wall clock that is set is found out so soon. */
  private static final Duration CHECK = Duration.ofSeconds(15);

  private final FairleadHub hub;
  private final List<String> names;
  private final RotatingCertificate current;
  private Time.@Nullable Scheduled next;
  private boolean failed;
  private boolean closed;

  OwnCertificate(FairleadHub hub, List<String> names) {
    this.hub = hub;
    this.names = names;
    this.current = RotatingCertificate.of(hub.issueServerCertificate(names, LIFE));
  }

  X509ExtendedKeyManager keyManager() {
    return current;
  }

  synchronized void keepFresh() {
    if (!closed) {
      next = hub.time().schedule(CHECK, this::check);
    }
  }

  private synchronized void check() {
    keepFresh();
    if (!current.isDue(hub.time().instant())) {
      return;
    }
    try {
      current.replace(hub.issueServerCertificate(names, LIFE));
      log.info("gateway: renewed its certificate, which holds until {}", current.notAfter());
      failed = false;
    } catch (PkiException e) {
      if (!failed) {
        log.warn("gateway: no new certificate, trying on: {}", e.getMessage());
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
