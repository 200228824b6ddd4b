package dev.fairlead.gateway;

import java.util.ArrayList;
import java.util.List;

/**
 * The ways to sign in that a hub tells people's programs of.
 *
 * @param localAccounts whether it has accounts of its own, with {@code /auth/login}
 * @param issuers the OpenID Connect issuers whose tokens it takes
 */
public record SignInOffer(boolean localAccounts, List<IssuerOffer> issuers) {

  /**
   * Copies the parts.
   *
   * @param localAccounts whether it has accounts of its own, with {@code /auth/login}
   * @param issuers the OpenID Connect issuers whose tokens it takes
   */
  public SignInOffer {
    issuers = List.copyOf(issuers);
  }

  /**
   * No way but a token one has.
   *
   * @return an offer of nothing
   */
  public static SignInOffer none() {
    return new SignInOffer(false, List.of());
  }

  /**
   * The same, and accounts of the hub's own.
   *
   * @return a new offer
   */
  public SignInOffer withLocalAccounts() {
    return new SignInOffer(true, issuers);
  }

  /**
   * The same, and an issuer.
   *
   * @param issuer what is offered
   * @return a new offer
   */
  public SignInOffer with(IssuerOffer issuer) {
    List<IssuerOffer> more = new ArrayList<>(issuers);
    more.add(issuer);
    return new SignInOffer(localAccounts, more);
  }
}
