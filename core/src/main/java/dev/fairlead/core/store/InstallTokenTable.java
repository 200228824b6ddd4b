package dev.fairlead.core.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InstallTokenInfo.State;
import dev.fairlead.api.store.InstallTokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The install tokens. */
final class InstallTokenTable implements InstallTokenStore {

  private final Table<StoredInstallToken> table;

  InstallTokenTable(Table<StoredInstallToken> table) {
    this.table = table;
  }

  @Override
  public void add(InstallTokenInfo info, String secretHash) {
    StoredInstallToken token = new StoredInstallToken(info, secretHash);
    StoredInstallToken present = table.change(rows -> rows.putIfAbsent(info.id(), token));
    if (present != null) {
      throw new ConflictException("install token " + info.id() + ": exists (expected: a new id)");
    }
  }

  @Override
  public Optional<InstallTokenInfo> redeem(String id, String secretHash, Instant now) {
    Objects.requireNonNull(secretHash, "secretHash");
    Objects.requireNonNull(now, "now");
    // A guess is turned away here, without waiting for those who write.
    StoredInstallToken seen = table.rows().get(Objects.requireNonNull(id, "id"));
    if (seen == null || !seen.yieldsTo(secretHash, now)) {
      return Optional.empty();
    }
    return table.change(
        rows -> {
          StoredInstallToken token = rows.get(id);
          if (token == null || !token.yieldsTo(secretHash, now)) {
            return Optional.empty();
          }
          StoredInstallToken redeemed = token.in(State.REDEEMED);
          rows.put(id, redeemed);
          return Optional.of(redeemed.info());
        });
  }

  @Override
  public boolean revoke(String id) {
    Objects.requireNonNull(id, "id");
    return table.change(
        rows ->
            rows.computeIfPresent(
                    id, (same, token) -> token.isOpen() ? token.in(State.REVOKED) : token)
                != null);
  }

  @Override
  public void revokeAll(ClusterName cluster) {
    Objects.requireNonNull(cluster, "cluster");
    table.<Boolean>change(
        rows -> {
          rows.replaceAll(
              (id, token) ->
                  token.isOpen() && token.info().cluster().equals(cluster)
                      ? token.in(State.REVOKED)
                      : token);
          return true;
        });
  }

  @Override
  public List<InstallTokenInfo> list() {
    List<InstallTokenInfo> newestFirst = new ArrayList<>();
    table.rows().values().forEach(token -> newestFirst.add(token.info()));
    Collections.reverse(newestFirst);
    newestFirst.sort(Comparator.comparing(InstallTokenInfo::issuedAt).reversed());
    return List.copyOf(newestFirst);
  }

  @Override
  public void purge(Instant before) {
    Objects.requireNonNull(before, "before");
    table.<Boolean>change(
        rows -> rows.values().removeIf(token -> token.info().expiresAt().isBefore(before)));
  }
}
