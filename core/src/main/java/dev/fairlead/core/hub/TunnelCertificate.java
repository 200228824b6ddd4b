package dev.fairlead.core.hub;

import dev.fairlead.api.Time;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.PkiException;
import dev.fairlead.pki.RotatingCertificate;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate the hub shows to agents, renewed while it runs. */
final class TunnelCertificate implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TunnelCertificate.class);
  private static final Duration LIFE = Duration.ofDays(30);

  /** A wall clock that is set is found out so soon. */
  private static final Duration CHECK = Duration.ofSeconds(15);

  private final CertificateAuthority authority;
  private final List<String> names;
  private final Time time;
  private final RotatingCertificate current;
  private final TlsMaterial tls;
  private Time.Scheduled next;
  private boolean failed;
  private boolean closed;

  TunnelCertificate(CertificateAuthority authority, List<String> names, Time time) {
    this.authority = authority;
    this.names = names;
    this.time = time;
    this.current = RotatingCertificate.of(authority.issueServer(names, LIFE));
    this.tls = new TlsMaterial(List.of(current), List.of(authority.trustManagers()));
    this.next = time.schedule(CHECK, this::check);
  }

  TlsMaterial tls() {
    return tls;
  }

  private synchronized void check() {
    if (closed) {
      return;
    }
    next = time.schedule(CHECK, this::check);
    if (!current.isDue(time.instant())) {
      return;
    }
    try {
      current.replace(authority.issueServer(names, LIFE));
      log.info(
          "hub: renewed the certificate it shows to agents, which holds until {}",
          current.notAfter());
      failed = false;
    } catch (PkiException e) {
      if (!failed) {
        log.warn("hub: no new certificate to show to agents, trying on: {}", e.getMessage());
      }
      failed = true;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }
}
