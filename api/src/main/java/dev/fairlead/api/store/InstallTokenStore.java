package dev.fairlead.api.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallTokenInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The install tokens; their secrets only as hashes. */
public interface InstallTokenStore {

  /**
   * Adds a token.
   *
   * @param info what may be known of it
   * @param secretHash SHA-256 of its secret, in hex
   * @throws dev.fairlead.api.ConflictException if there is a token with that id
   */
  void add(InstallTokenInfo info, String secretHash);

  /**
   * Redeems a token: of any number of calls at the same time, exactly one can succeed.
   *
   * @param id the token's id
   * @param secretHash SHA-256 of the secret that was shown, in hex, which is compared in constant
   *     time
   * @param now the present time
   * @return the token, if it was open, not expired and the hash is right; then it is redeemed
   */
  Optional<InstallTokenInfo> redeem(String id, String secretHash, Instant now);

  /**
   * Revokes an open token; a redeemed one stays redeemed.
   *
   * @param id the token's id
   * @return whether there is such a token
   */
  boolean revoke(String id);

  /**
   * Revokes all open tokens of a cluster.
   *
   * @param cluster the cluster
   */
  void revokeAll(ClusterName cluster);

  /**
   * All tokens.
   *
   * @return a snapshot, newest first
   */
  List<InstallTokenInfo> list();

  /**
   * Forgets tokens that expired.
   *
   * @param before those that expired before this time
   */
  void purge(Instant before);
}
