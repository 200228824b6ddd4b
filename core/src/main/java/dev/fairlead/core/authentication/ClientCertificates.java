package dev.fairlead.core.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.ClientCertificate;
import dev.fairlead.api.auth.Credential;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Users with client certificates, as Kubernetes has them: the common name is the user name, and
 * each organisation is a group. Chain, dates and purpose of a certificate are checked here (RFC
 * 5280); there are no revocation lists, so let the authority issue for hours or days.
 *
 * <p>Never blocks; safe for use by any thread.
 */
public final class ClientCertificates implements Authenticator {

  private static final Authentication UNKNOWN = new Authentication.Unknown();
  private static final Duration REUSABLE = Duration.ofMinutes(1);
  private static final Set<String> PURPOSES =
      Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0"); // client authentication, any
  private static final String RESERVED = "system:";

  private final List<X509Certificate> authorities;
  private final String prefix;
  private final InstantSource time;

  private ClientCertificates(List<X509Certificate> authorities, String prefix, InstantSource time) {
    this.authorities = authorities;
    this.prefix = prefix;
    this.time = time;
  }

  /**
   * Takes the certificates of authorities that certify users and nobody else.
   *
   * @param authorities their certificates, at least one
   * @return an authenticator by the system's clock, without a prefix
   * @throws InvalidException if there is none, or one is not of an authority
   */
  public static ClientCertificates issuedBy(List<X509Certificate> authorities) {
    if (authorities.isEmpty()) {
      throw new InvalidException("client certificates: no authority (expected: at least 1)");
    }
    for (X509Certificate authority : authorities) {
      if (authority.getBasicConstraints() < 0) {
        throw new InvalidException(
            "client certificates: "
                + authority.getSubjectX500Principal()
                + " is not of an authority (expected: basic constraints with CA:TRUE)");
      }
    }
    return new ClientCertificates(List.copyOf(authorities), "", InstantSource.system());
  }

  /**
   * The same with something before each user name and group, which keeps them apart from those of
   * others. Names that begin with {@code system:} are refused unless they get a prefix.
   *
   * @param text such as {@code cert:}
   * @return a changed copy
   * @throws InvalidException if the prefix itself begins with {@code system:}
   */
  public ClientCertificates prefixedBy(String text) {
    if (text.startsWith(RESERVED)) {
      throw new InvalidException(
          "client certificates: prefix " + text + " (expected: none that begins with system:)");
    }
    return new ClientCertificates(authorities, text, time);
  }

  /**
   * The same by another clock.
   *
   * @param clock the wall clock
   * @return a changed copy
   */
  public ClientCertificates at(InstantSource clock) {
    return new ClientCertificates(authorities, prefix, Objects.requireNonNull(clock, "clock"));
  }

  @Override
  public List<X509Certificate> clientAuthorities() {
    return authorities;
  }

  /** {@inheritDoc} One minute, and no longer than the certificate holds. */
  @Override
  public Duration reusableFor() {
    return REUSABLE;
  }

  /**
   * {@inheritDoc}
   *
   * @return a complete stage; {@link Authentication.Unknown} for tokens, and for certificates that
   *     no authority of this one claims to have issued
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    return CompletableFuture.completedFuture(
        credential instanceof ClientCertificate shown ? examine(shown) : UNKNOWN);
  }

  private Authentication examine(ClientCertificate shown) {
    List<X509Certificate> path =
        shown.chain().stream().takeWhile(one -> !authorities.contains(one)).toList();
    X509Certificate last = path.isEmpty() ? shown.own() : path.get(path.size() - 1);
    boolean ours =
        authorities.stream()
            .anyMatch(
                authority ->
                    authority.getSubjectX500Principal().equals(last.getIssuerX500Principal()));
    if (!ours) {
      return UNKNOWN;
    }
    String id = "certificate/" + shown.own().getSerialNumber().toString(16);
    try {
      requireGood(path);
      Identity identity = identity(shown.own());
      Instant expiry = shown.own().getNotAfter().toInstant();
      return new Authentication.Authenticated(identity, id, expiry);
    } catch (GeneralSecurityException | InvalidNameException | InvalidException e) {
      return new Authentication.Rejected("client " + id + ": " + e.getMessage());
    }
  }

  private void requireGood(List<X509Certificate> path) throws GeneralSecurityException {
    if (path.isEmpty() || path.get(0).getBasicConstraints() >= 0) {
      throw new GeneralSecurityException("is an authority's own (expected: a user's)");
    }
    requirePurpose(path.get(0));
    PKIXParameters parameters =
        new PKIXParameters(
            authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet()));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(time.instant()));
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  private static void requirePurpose(X509Certificate own) throws CertificateParsingException {
    List<String> purposes = own.getExtendedKeyUsage();
    if (purposes != null && purposes.stream().noneMatch(PURPOSES::contains)) {
      throw new CertificateParsingException("is not for clients (expected: purpose clientAuth)");
    }
  }

  private Identity identity(X509Certificate own) throws InvalidNameException {
    List<String> names = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (Rdn rdn : new LdapName(own.getSubjectX500Principal().getName()).getRdns()) {
      var attributes = rdn.toAttributes().getAll();
      while (attributes.hasMoreElements()) {
        var attribute = attributes.nextElement();
        take(attribute.getID(), "CN", attribute, names);
        take(attribute.getID(), "O", attribute, groups);
      }
    }
    if (names.size() != 1) {
      throw new InvalidException("subject: " + names.size() + " common names (expected: 1)");
    }
    String name = prefix + names.get(0);
    List<String> prefixed = groups.stream().map(group -> prefix + group).toList();
    Identity identity = new Identity(name, null, prefixed, Map.of());
    ReservedNames.in(identity)
        .ifPresent(
            reserved -> {
              throw new InvalidException(
                  reserved + " (expected: none that begins with system:, or a prefix)");
            });
    return identity;
  }

  private static void take(
      String id, String wanted, javax.naming.directory.Attribute attribute, List<String> to) {
    if (!id.equalsIgnoreCase(wanted)) {
      return;
    }
    try {
      var values = attribute.getAll();
      while (values.hasMore()) {
        if (!(values.next() instanceof String text)) {
          throw new InvalidException("subject: " + wanted + " is no text");
        }
        to.add(text);
      }
    } catch (javax.naming.NamingException e) {
      throw new InvalidException("subject: " + wanted + " cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "ClientCertificates"
        + authorities.stream().map(X509Certificate::getSubjectX500Principal).toList();
  }
}
