package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import java.math.BigInteger;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Who an agent is, read from the certificate it showed. Reading proves nothing: the certificate
 * must have been validated first, for instance by {@link CertificateAuthority#trustManagers()}
 * during the TLS handshake.
 *
 * @param cluster the one cluster this agent may speak for
 * @param agentId the agent's name within the cluster
 * @param serial the certificate's serial number, positive; what revocation goes by
 */
public record AgentSubject(ClusterName cluster, String agentId, BigInteger serial) {

  private static final String SCHEME = "fairlead://";
  private static final int SAN_URI = 6;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if the agent's name is not of the form {@link ClusterSubject} states,
   *     or the serial number is not positive
   */
  public AgentSubject {
    new ClusterSubject(cluster, agentId);
    requireNonNull(serial, "serial");
    if (serial.signum() <= 0) {
      throw new InvalidException("serial: " + serial + " (expected: a positive number)");
    }
  }

  /**
   * Reads the subject of an agent's certificate. The certificate must have exactly one subject
   * alternative name, the URI {@code fairlead://<cluster>/<agentId>}, and the subject {@code
   * CN=<cluster>} with the same cluster.
   *
   * @param certificate the agent's own (leaf) certificate, already validated
   * @return who it was made out to
   * @throws PkiException with {@link PkiException.Code#CERTIFICATE_REFUSED} if the certificate is
   *     not of that form
   */
  public static AgentSubject of(X509Certificate certificate) {
    requireNonNull(certificate, "certificate");
    ClusterSubject named = parse(onlyUri(certificate));
    String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    if (!subject.equals(named.distinguishedName())) {
      throw refused(
          "subject is " + Shown.text(subject) + " (expected: " + named.distinguishedName() + ")");
    }
    if (certificate.getSerialNumber().signum() <= 0) {
      throw refused("serial number is not positive");
    }
    return new AgentSubject(named.cluster(), named.agentId(), certificate.getSerialNumber());
  }

  /**
   * The names without the serial number: what a renewed certificate is made out to.
   *
   * @return cluster and agent
   */
  public ClusterSubject named() {
    return new ClusterSubject(cluster, agentId);
  }

  private static String onlyUri(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new PkiException(
          PkiException.Code.CERTIFICATE_REFUSED,
          "agent certificate: subject alternative names cannot be parsed",
          e);
    }
    if (names == null || names.size() != 1) {
      throw refused(
          (names == null ? 0 : names.size())
              + " subject alternative names (expected: exactly one, "
              + SCHEME
              + "<cluster>/<agentId>)");
    }
    List<?> name = names.iterator().next();
    if (name.get(0) instanceof Integer type
        && type == SAN_URI
        && name.get(1) instanceof String uri) {
      return uri;
    }
    throw refused("subject alternative name is no URI (expected: fairlead://<cluster>/<agentId>)");
  }

  private static ClusterSubject parse(String uri) {
    String[] parts = uri.startsWith(SCHEME) ? uri.substring(SCHEME.length()).split("/", -1) : null;
    if (parts == null || parts.length != 2) {
      throw refused(
          "subject alternative name is "
              + Shown.text(uri)
              + " (expected: fairlead://<cluster>/<agentId>)");
    }
    try {
      return ClusterSubject.of(parts[0], parts[1]);
    } catch (InvalidException e) {
      throw new PkiException(
          PkiException.Code.CERTIFICATE_REFUSED, "agent certificate: " + e.getMessage(), e);
    }
  }

  private static PkiException refused(String what) {
    return new PkiException(PkiException.Code.CERTIFICATE_REFUSED, "agent certificate: " + what);
  }
}
