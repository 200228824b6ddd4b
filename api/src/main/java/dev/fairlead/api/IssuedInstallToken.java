package dev.fairlead.api;

import java.util.Objects;

/**
 * An install token at the only moment it can be read.
 *
 * @param token the secret to hand to the agent
 * @param info what the hub keeps of it
 */
public record IssuedInstallToken(InstallToken token, InstallTokenInfo info) {

  /**
   * Checks the parts.
   *
   * @param token the secret to hand to the agent
   * @param info what the hub keeps of it
   */
  public IssuedInstallToken {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(info, "info");
  }
}
