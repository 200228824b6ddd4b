package dev.fairlead.core.store;

import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InstallTokenInfo.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Objects;

/** An install token as it is kept. */
record StoredInstallToken(InstallTokenInfo info, String secretHash) {

  StoredInstallToken {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(secretHash, "secretHash");
  }

  boolean isOpen() {
    return info.state() == State.OPEN;
  }

  /**
   * Whether it can be redeemed with that hash at that time; the comparison takes the same time for
   * every hash.
   */
  boolean yieldsTo(String otherHash, Instant now) {
    boolean same =
        MessageDigest.isEqual(
            secretHash.getBytes(StandardCharsets.UTF_8),
            otherHash.getBytes(StandardCharsets.UTF_8));
    return same && isOpen() && now.isBefore(info.expiresAt());
  }

  StoredInstallToken in(State state) {
    return new StoredInstallToken(
        new InstallTokenInfo(info.id(), info.cluster(), info.issuedAt(), info.expiresAt(), state),
        secretHash);
  }

  @Override
  public String toString() {
    return "StoredInstallToken[" + info + "]";
  }
}
