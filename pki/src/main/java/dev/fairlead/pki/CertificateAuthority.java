package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import dev.fairlead.api.InvalidException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * The hub's certificate authority: a P-256 key and a self-signed certificate (RFC 5280) of ten
 * years that may sign leaves only. It makes certificates for agents and for the hub's own
 * listeners.
 *
 * <p>Thread-safe.
 */
public final class CertificateAuthority {

  /** How long an agent's certificate lives unless told otherwise: 24 hours. */
  public static final Duration AGENT_LIFE = Duration.ofHours(24);

  /** How far behind the hub's a peer's clock may be: certificates begin 5 minutes in the past. */
  public static final Duration SKEW = Duration.ofMinutes(5);

  static final Duration LIFE = Duration.ofDays(3652);
  static final String DEFAULT_NAME = "Fairlead CA";

  private static final int MAX_NAME = 64;
  private static final X500Name SERVER_SUBJECT = new X500Name("CN=fairlead-hub,O=Fairlead");

  private final KeyEntry entry;
  private final InstantSource clock;
  private final SecureRandom random;

  private CertificateAuthority(KeyEntry entry, InstantSource clock, SecureRandom random) {
    this.entry = entry;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes an authority that lives in memory only.
   *
   * @param clock what the time is
   * @param random where keys and serial numbers come from
   * @param name the common name of the CA, 1–64 printable ASCII characters
   * @return a new authority
   * @throws InvalidException if the name is not of that form
   * @throws PkiException with {@link PkiException.Code#CRYPTO_FAILED} if the JVM has no P-256
   */
  public static CertificateAuthority create(InstantSource clock, SecureRandom random, String name) {
    requireNonNull(clock, "clock");
    requireNonNull(random, "random");
    return new CertificateAuthority(newEntry(clock, random, name), clock, random);
  }

  /**
   * Loads the authority a directory holds, or makes one there if the directory is absent or empty.
   * The directory is {@code 0700}; it holds {@code ca.key} (PKCS #8 in PEM, {@code 0600}) and
   * {@code ca.crt} ({@code 0644}). Both appear at once or not at all, because the whole directory
   * is moved into place: of several processes that start together, one makes the authority and all
   * use it, and a crash leaves nothing but a hidden directory {@code .<name>.new-<hex>} beside it,
   * which may be deleted. A mount point cannot be moved onto; name a directory below it.
   *
   * <p>An authority that is incomplete, damaged, expired or open to others is an error and is left
   * as it is: every agent trusts this one key, so it is never made anew silently.
   *
   * @param directory where it is kept, on a POSIX file system; absent parents are created
   * @param clock what the time is
   * @param random where keys and serial numbers come from
   * @return the authority, the same at each start
   * @throws PkiException with {@link PkiException.Code#STORAGE_REFUSED} if what is found is not
   *     what it has to be, {@link PkiException.Code#EXPIRED} if the CA certificate is out of date,
   *     or {@link PkiException.Code#STORAGE_FAILED} if reading or writing failed
   */
  public static CertificateAuthority loadOrCreate(
      Path directory, InstantSource clock, SecureRandom random) {
    requireNonNull(directory, "directory");
    requireNonNull(clock, "clock");
    requireNonNull(random, "random");
    AuthorityDirectory files = new AuthorityDirectory(directory, random);
    KeyEntry entry =
        files.loadOrCreate(() -> newEntry(clock, random, DEFAULT_NAME), clock.instant());
    return new CertificateAuthority(entry, clock, random);
  }

  /**
   * Issues a certificate to an agent. Of the request only the public key is used, after its
   * signature has proved that the sender holds the private key; names, extensions and everything
   * else it asks for are ignored. Accepted are EC keys on P-256 and P-384, and RSA keys of
   * 2048–8192 bits with an odd public exponent of at least 65537.
   *
   * <p>The certificate is good for TLS client authentication only. It begins {@link #SKEW} ago and
   * ends after {@code life}, but not after the authority itself.
   *
   * @param csrDer a PKCS #10 request (RFC 2986) in DER, at most 16 KiB
   * @param subject whom the certificate is made out to
   * @param life how long from now, positive; see {@link #AGENT_LIFE}
   * @return the certificate with its chain
   * @throws PkiException with {@link PkiException.Code#REQUEST_REFUSED} if the request is refused,
   *     or {@link PkiException.Code#EXPIRED} if the authority itself has expired
   * @throws InvalidException if {@code life} is not positive
   */
  public AgentCertificate issueAgent(byte[] csrDer, ClusterSubject subject, Duration life) {
    requireNonNull(csrDer, "csrDer");
    requireNonNull(subject, "subject");
    PublicKey key = CertificateRequest.verifiedKey(csrDer.clone());
    X509Certificate leaf =
        issue(
            key,
            new X500Name(subject.distinguishedName()),
            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, subject.uri())),
            KeyPurposeId.id_kp_clientAuth,
            life);
    return new AgentCertificate(leaf, certificate());
  }

  /**
   * Tells whether {@link #issueAgent} would take a request, before anything is spent on it.
   *
   * @param csrDer a PKCS #10 request (RFC 2986) in DER, at most 16 KiB
   * @throws PkiException with {@link PkiException.Code#REQUEST_REFUSED} if the request is refused,
   *     or {@link PkiException.Code#EXPIRED} if the authority itself has expired
   */
  public void requireAcceptable(byte[] csrDer) {
    requireNonNull(csrDer, "csrDer");
    requireValidAt(clock.instant());
    CertificateRequest.verifiedKey(csrDer.clone());
  }

  /**
   * Issues a certificate with a fresh P-256 key to one of the hub's own listeners, good for TLS
   * server authentication only.
   *
   * @param dnsNamesAndIps 1–100 names under which clients dial: lower-case DNS names (the first
   *     label may be {@code *}), IPv4 and IPv6 addresses; nothing is looked up
   * @param life how long from now, positive
   * @return the key with its chain
   * @throws InvalidException if a name is not of that form, or {@code life} is not positive
   * @throws PkiException with {@link PkiException.Code#EXPIRED} if the authority itself has expired
   */
  public ServerCertificate issueServer(List<String> dnsNamesAndIps, Duration life) {
    GeneralNames names = HostNames.of(List.copyOf(dnsNamesAndIps));
    KeyPair keys = Keys.newP256(random);
    X509Certificate leaf =
        issue(keys.getPublic(), SERVER_SUBJECT, names, KeyPurposeId.id_kp_serverAuth, life);
    return new ServerCertificate(
        new KeyEntry(keys.getPrivate(), List.of(leaf, certificate())), clock);
  }

  /**
   * The authority's own certificate.
   *
   * @return a self-signed CA certificate
   */
  public X509Certificate certificate() {
    return entry.leaf();
  }

  /**
   * By what an agent recognises this hub.
   *
   * @return the pin of {@link #certificate()}
   */
  public CertificatePin sha256() {
    return CertificatePin.of(certificate());
  }

  /**
   * Whom the hub's listeners accept: clients with a certificate of this authority that is in date
   * by this authority's clock and made for client authentication. Revocation is not checked here;
   * it goes by {@link AgentSubject#serial()}.
   *
   * <p>TLS does not ask again when a client resumes a session. Whoever accepts a connection
   * compares the peer certificate's expiry and serial number each time.
   *
   * @return one trust manager that may be shared between threads
   */
  public TrustManager[] trustManagers() {
    return new TrustManager[] {
      new AnchoredTrust(certificate(), clock, AnchoredTrust.Purpose.CLIENT)
    };
  }

  /** Names the pin and the expiry, never the key. */
  @Override
  public String toString() {
    return "CertificateAuthority["
        + sha256()
        + ", notAfter="
        + certificate().getNotAfter().toInstant()
        + "]";
  }

  private X509Certificate issue(
      PublicKey key, X500Name subject, GeneralNames names, KeyPurposeId purpose, Duration life) {
    if (life.isNegative() || life.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new InvalidException("life: " + life + " (expected: one second or more)");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    requireValidAt(now);
    Instant first = certificate().getNotBefore().toInstant();
    Instant last = certificate().getNotAfter().toInstant();
    Instant begin = now.minus(SKEW);
    Instant end = life.compareTo(Duration.between(now, last)) < 0 ? now.plus(life) : last;
    return new CertificateTemplate(subject, key, begin.isBefore(first) ? first : begin, end)
        .leaf(names, purpose)
        .signedBy(entry, random);
  }

  private void requireValidAt(Instant now) {
    Instant first = certificate().getNotBefore().toInstant();
    Instant last = certificate().getNotAfter().toInstant();
    if (!now.isBefore(last) || now.isBefore(first)) {
      throw new PkiException(
          PkiException.Code.EXPIRED,
          "the CA is valid from " + first + " to " + last + " and cannot issue at " + now);
    }
  }

  private static KeyEntry newEntry(InstantSource clock, SecureRandom random, String name) {
    requireNonNull(name, "name");
    if (name.isBlank()
        || name.length() > MAX_NAME
        || !name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new InvalidException(
          "CA name: " + Shown.text(name) + " (expected: 1-64 printable ASCII characters)");
    }
    // The organisation keeps it apart from agents' subjects, which have a common name only.
    X500Name subject =
        new X500NameBuilder().addRDN(BCStyle.O, "Fairlead").addRDN(BCStyle.CN, name).build();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    KeyPair keys = Keys.newP256(random);
    X509Certificate certificate =
        new CertificateTemplate(subject, keys.getPublic(), now.minus(SKEW), now.plus(LIFE))
            .authority()
            .selfSigned(keys.getPrivate(), random);
    return new KeyEntry(keys.getPrivate(), List.of(certificate));
  }
}
