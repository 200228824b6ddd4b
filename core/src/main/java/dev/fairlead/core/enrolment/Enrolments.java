package dev.fairlead.core.enrolment;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.core.secret.RandomSecrets;
import dev.fairlead.pki.AgentCertificate;
import dev.fairlead.pki.AgentSubject;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.ClusterSubject;
import dev.fairlead.pki.PkiException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * Lets agents into the fleet: install token and request in, certificate out; and tells, whenever a
 * tunnel is opened, whether the agent still may. Operations block for as long as the stores take;
 * safe for use by any thread.
 */
public final class Enrolments {

  /**
   * How long an agent is remembered after its last certificate expired, so that it is told why it
   * is refused.
   */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final Stores stores;
  private final CertificateAuthority authority;
  private final InstantSource time;
  private final RandomSecrets secrets;
  private final EnrolmentSettings settings;
  private final Semaphore room;

  /**
   * Enrols into stores.
   *
   * @param stores where tokens, clusters and agents are kept; open whenever a method here is called
   * @param authority who signs the certificates
   * @param time the wall clock, the one {@code authority} follows
   * @param random where agents' ids come from
   * @param settings how agents are enrolled
   */
  public Enrolments(
      Stores stores,
      CertificateAuthority authority,
      InstantSource time,
      SecureRandom random,
      EnrolmentSettings settings) {
    this.stores = Objects.requireNonNull(stores, "stores");
    this.authority = Objects.requireNonNull(authority, "authority");
    this.time = Objects.requireNonNull(time, "time");
    this.secrets = new RandomSecrets(random);
    this.settings = settings;
    this.room = new Semaphore(settings.mostAtOnce());
  }

  /**
   * Exchanges an install token for a certificate. The token is used up by a request that is in
   * order, and only by that.
   *
   * @param token the token that the agent sent
   * @param csr a PKCS #10 request (RFC 2986) in DER; only its key is used
   * @return the certificate, for the token's cluster and an agent id that is new
   * @throws UnauthenticatedException if the token is not known, used up, expired or revoked, which
   *     the message does not tell apart
   * @throws InvalidException if the request is not well formed or its key is too weak; the token
   *     can still be used
   * @throws LimitException if too many enrolments are under way
   */
  public Enrolment enrol(InstallToken token, byte[] csr) {
    Objects.requireNonNull(token, "token");
    if (!room.tryAcquire()) {
      throw new LimitException(
          "enrolments: "
              + settings.mostAtOnce()
              + " are under way (expected: fewer; try again in some seconds)");
    }
    try {
      return enrolNow(token, csr.clone());
    } finally {
      room.release();
    }
  }

  private Enrolment enrolNow(InstallToken token, byte[] csr) {
    requireAcceptable(csr);
    Instant now = time.instant();
    ClusterName cluster =
        stores
            .installTokens()
            .redeem(token.id(), RandomSecrets.hash(token.secret()), now)
            .map(InstallTokenInfo::cluster)
            .orElseThrow(
                () ->
                    new UnauthenticatedException(
                        "install token: not accepted (expected: one that this hub issued, that was not"
                            + " used before, and that neither expired nor was revoked)"));
    requireMember(cluster);
    String agentId = secrets.newId();
    AgentCertificate certificate = sign(csr, new ClusterSubject(cluster, agentId));
    stores.agents().purge(now.minus(REMEMBERED));
    stores.agents().add(new StoredAgent(agentId, cluster, certificate.notAfter(), false));
    if (stores.clusters().find(cluster).isEmpty()) {
      // The cluster was removed since the token was redeemed; its removal may not have seen this
      // agent.
      stores.agents().revokeAll(cluster);
      throw notMember(cluster);
    }
    return new Enrolment(certificate.chain());
  }

  /**
   * Issues a further certificate to an agent that has one. The former certificate stays good until
   * it expires.
   *
   * @param peer the agent, as the transport authenticated it
   * @param csr a PKCS #10 request (RFC 2986) in DER; only its key is used
   * @return the certificate, for the same cluster and agent
   * @throws UnauthenticatedException if the agent may not have a tunnel either, see {@link #admit}
   * @throws InvalidException if the request is not well formed or its key is too weak, or if the
   *     agent is in the hub's own process and so has no certificate
   */
  public Enrolment renew(Peer peer, byte[] csr) {
    AdmittedAgent agent = admit(peer);
    if (peer instanceof Peer.Local) {
      throw new InvalidException(
          "renewal: agent "
              + agent.agentId()
              + " is in the hub's process (expected: one with a certificate)");
    }
    AgentCertificate certificate =
        sign(csr.clone(), new ClusterSubject(agent.cluster(), agent.agentId()));
    if (!stores.agents().renewed(agent.agentId(), certificate.notAfter())) {
      throw revoked(agent.agentId());
    }
    return new Enrolment(certificate.chain());
  }

  /**
   * Tells who a peer is, if it may have a tunnel now. Cheap enough to be asked again for tunnels
   * that are open.
   *
   * @param peer the agent, as the transport authenticated it; its certificate was validated
   * @return the agent
   * @throws UnauthenticatedException if the agent is not known, was revoked or is of another
   *     cluster, if its certificate expired, or if its cluster is not in the fleet
   */
  public AdmittedAgent admit(Peer peer) {
    if (peer instanceof Peer.Local local) {
      requireMember(local.cluster());
      if (stores.agents().find(local.agentId()).filter(StoredAgent::revoked).isPresent()) {
        throw revoked(local.agentId());
      }
      return new AdmittedAgent(local.cluster(), local.agentId(), Instant.MAX);
    }
    return admit(((Peer.Certified) peer).certificate());
  }

  private AdmittedAgent admit(X509Certificate certificate) {
    AgentSubject subject = subject(certificate);
    String agentId = subject.agentId();
    Instant now = time.instant();
    Instant notAfter = certificate.getNotAfter().toInstant();
    if (!now.isBefore(notAfter)) {
      throw new UnauthenticatedException(
          "agent " + agentId + ": its certificate expired at " + notAfter + " (now: " + now + ")");
    }
    StoredAgent agent =
        stores
            .agents()
            .find(agentId)
            .orElseThrow(
                () ->
                    new UnauthenticatedException(
                        "agent "
                            + agentId
                            + ": not known (expected: one that enrolled at this hub)"));
    if (!agent.cluster().equals(subject.cluster())) {
      throw new UnauthenticatedException(
          "agent "
              + agentId
              + ": its certificate is for cluster "
              + subject.cluster()
              + " (expected: the one it enrolled for)");
    }
    if (agent.revoked()) {
      throw revoked(agentId);
    }
    requireMember(agent.cluster());
    return new AdmittedAgent(agent.cluster(), agentId, notAfter);
  }

  /**
   * Takes a cluster out of the fleet for good: its install tokens and its agents are revoked and
   * the cluster is forgotten. Agents that enrol meanwhile are revoked as well, and a cluster that
   * gets the same name later does not know them.
   *
   * @param cluster the cluster's name
   * @return whether it was in the fleet
   */
  public boolean dismiss(ClusterName cluster) {
    stores.installTokens().revokeAll(cluster);
    stores.agents().revokeAll(cluster);
    boolean found = stores.clusters().remove(cluster);
    // Once more, for those that enrolled between the two; later ones find the cluster gone.
    stores.agents().revokeAll(cluster);
    return found;
  }

  /**
   * Takes one agent out of the fleet for good; its certificates are accepted no more.
   *
   * @param agentId the agent's id
   * @return whether it had enrolled
   */
  public boolean revoke(String agentId) {
    return stores.agents().revoke(agentId);
  }

  private void requireAcceptable(byte[] csr) {
    try {
      authority.requireAcceptable(csr);
    } catch (PkiException e) {
      throw invalidOr(e);
    }
  }

  private AgentCertificate sign(byte[] csr, ClusterSubject subject) {
    try {
      return authority.issueAgent(csr, subject, settings.certificateLife());
    } catch (PkiException e) {
      throw invalidOr(e);
    }
  }

  private static RuntimeException invalidOr(PkiException e) {
    return e.code() == PkiException.Code.REQUEST_REFUSED
        ? new InvalidException(String.valueOf(e.getMessage()), e)
        : e;
  }

  private static AgentSubject subject(X509Certificate certificate) {
    try {
      return AgentSubject.of(certificate);
    } catch (PkiException e) {
      throw new UnauthenticatedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void requireMember(ClusterName cluster) {
    if (stores.clusters().find(cluster).isEmpty()) {
      throw notMember(cluster);
    }
  }

  private static UnauthenticatedException notMember(ClusterName cluster) {
    return new UnauthenticatedException(
        "cluster " + cluster + ": not in the fleet (expected: one that was added and not removed)");
  }

  private static UnauthenticatedException revoked(String agentId) {
    return new UnauthenticatedException(
        "agent "
            + agentId
            + ": revoked (expected: one that was not; enrol anew with an install token)");
  }
}
