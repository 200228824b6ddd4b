package dev.fairlead.core.enrolment;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.secret.RandomSecrets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Issues install tokens. Of their secrets only hashes are kept, which is enough, see {@link
 * RandomSecrets}. Operations block for as long as the stores take; safe for use by any thread.
 */
public final class InstallTokens {

  /** How long a token can be redeemed at most: 30 days. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(30);

  /** How long an expired token is still listed: 30 days. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final Stores stores;
  private final InstantSource time;
  private final RandomSecrets secrets;

  /**
   * Issues tokens into stores.
   *
   * @param stores where tokens and clusters are kept; open whenever a method here is called
   * @param time the wall clock
   * @param random where secrets come from
   */
  public InstallTokens(Stores stores, InstantSource time, SecureRandom random) {
    this.stores = Objects.requireNonNull(stores, "stores");
    this.time = Objects.requireNonNull(time, "time");
    this.secrets = new RandomSecrets(random);
  }

  /**
   * Issues a token for one agent of one cluster, and adds the cluster to the fleet if it is new.
   *
   * @param cluster the cluster the agent will serve
   * @param labels labels to set on the cluster, in addition to those it has; at most 64
   * @param life how long the token can be redeemed; more than zero, at most {@link #LONGEST_LIFE}
   * @return the token, which is shown this once
   * @throws InvalidException if {@code life} is out of range or a label is not one of Kubernetes;
   *     nothing was changed
   */
  public IssuedInstallToken issue(ClusterName cluster, Map<String, String> labels, Duration life) {
    Objects.requireNonNull(cluster, "cluster");
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
      throw new InvalidException(
          "life of install token: " + life + " (expected: more than zero, at most 30 days)");
    }
    KubernetesLabels.require(labels);
    Instant now = time.instant();
    InstallTokenInfo info =
        new InstallTokenInfo(
            secrets.newId(), cluster, now, now.plus(life), InstallTokenInfo.State.OPEN);
    String secret = secrets.newSecret();
    stores.clusters().merge(cluster, labels);
    stores.installTokens().purge(now.minus(REMEMBERED));
    stores.installTokens().add(info, RandomSecrets.hash(secret));
    return new IssuedInstallToken(InstallToken.parse("fli_" + info.id() + "_" + secret), info);
  }

  /**
   * The tokens that exist, redeemed and expired ones included, until 30 days after they expired.
   *
   * @return a snapshot without secrets, newest first
   */
  public List<InstallTokenInfo> list() {
    return stores.installTokens().list();
  }

  /**
   * Makes a token useless. One that was redeemed before stays redeemed.
   *
   * @param id the token's id
   * @throws NotFoundException if there is no such token
   */
  public void revoke(String id) {
    if (!stores.installTokens().revoke(id)) {
      throw new NotFoundException("install token: no such id (expected: one of those listed)");
    }
  }
}
