package dev.fairlead.auth.oidc;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of one issuer's tokens, and what becomes of their claims. Immutable: each method
 * returns a changed copy. Nothing is checked before the authenticator is built.
 *
 * @param url the issuer, exactly as in the tokens' {@code iss}; https, or http on a loopback
 *     address
 * @param audiences of which {@code aud} has to name at least one
 * @param authorizedParties of which {@code azp} has to be one; any if empty
 * @param algorithms with which tokens may be signed
 * @param required values of further claims, by their path as in {@link Claim#path}
 * @param username where the user name is
 * @param groups where the groups are, a text or a list of texts; or null for no groups
 * @param uid where the uid is, or null for none
 * @param extra where further facts about the user are, by lower-case key
 * @param skew by how much clocks may differ, 0 to 5 minutes
 * @param keysFresh how long keys are used before they are fetched again, 10 seconds to 1 day
 * @param keysKept how long they are used when the issuer cannot be reached, from {@code keysFresh}
 *     to 7 days
 */
public record OidcIssuer(
    String url,
    Set<String> audiences,
    Set<String> authorizedParties,
    Set<SignatureAlgorithm> algorithms,
    Map<String, String> required,
    Claim username,
    @Nullable Claim groups,
    @Nullable Claim uid,
    Map<String, Claim> extra,
    Duration skew,
    Duration keysFresh,
    Duration keysKept) {

  /**
   * Copies the parts.
   *
   * @param url the issuer, exactly as in the tokens' {@code iss}
   * @param audiences of which {@code aud} has to name at least one
   * @param authorizedParties of which {@code azp} has to be one; any if empty
   * @param algorithms with which tokens may be signed
   * @param required values of further claims, by their path
   * @param username where the user name is
   * @param groups where the groups are, or null
   * @param uid where the uid is, or null
   * @param extra where further facts about the user are, by lower-case key
   * @param skew by how much clocks may differ
   * @param keysFresh how long keys are used before they are fetched again
   * @param keysKept how long they are used when the issuer cannot be reached
   */
  public OidcIssuer {
    Objects.requireNonNull(url, "url");
    audiences = Collections.unmodifiableSet(new LinkedHashSet<>(audiences));
    authorizedParties = Collections.unmodifiableSet(new LinkedHashSet<>(authorizedParties));
    algorithms = Collections.unmodifiableSet(new LinkedHashSet<>(algorithms));
    required = Collections.unmodifiableMap(new LinkedHashMap<>(required));
    Objects.requireNonNull(username, "username");
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    Objects.requireNonNull(skew, "skew");
    Objects.requireNonNull(keysFresh, "keysFresh");
    Objects.requireNonNull(keysKept, "keysKept");
  }

  /**
   * An issuer whose users are named by {@code sub} and have no groups, with every algorithm there
   * is, 30 seconds of skew, keys fetched every 5 minutes and kept for an hour without the issuer.
   *
   * @param url the issuer, exactly as in the tokens' {@code iss}
   * @return what is expected of it
   */
  public static OidcIssuer of(String url) {
    return new OidcIssuer(
        url,
        Set.of(),
        Set.of(),
        new LinkedHashSet<>(List.of(SignatureAlgorithm.values())),
        Map.of(),
        Claim.of("sub"),
        null,
        null,
        Map.of(),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1));
  }

  /**
   * Sets whom tokens have to be meant for.
   *
   * @param any of which {@code aud} has to name at least one
   * @return a changed copy
   */
  public OidcIssuer audience(String... any) {
    return with(Set.of(any), authorizedParties, algorithms, required, groups, uid, extra);
  }

  /**
   * Sets to which clients tokens have to be issued.
   *
   * @param any of which {@code azp} has to be one
   * @return a changed copy
   */
  public OidcIssuer authorizedParty(String... any) {
    return with(audiences, Set.of(any), algorithms, required, groups, uid, extra);
  }

  /**
   * Sets with what tokens may be signed.
   *
   * @param any the algorithms
   * @return a changed copy
   */
  public OidcIssuer algorithms(SignatureAlgorithm... any) {
    return with(audiences, authorizedParties, Set.of(any), required, groups, uid, extra);
  }

  /**
   * Adds a claim that tokens have to have.
   *
   * @param path as in {@link Claim#path}
   * @param value the text it has to be, or has to have among its texts
   * @return a changed copy
   */
  public OidcIssuer requiring(String path, String value) {
    Map<String, String> more = new LinkedHashMap<>(required);
    more.put(path, value);
    return with(audiences, authorizedParties, algorithms, more, groups, uid, extra);
  }

  /**
   * Sets where the user name is. Choose a claim that users cannot change and the issuer does not
   * give to another user later.
   *
   * @param claim where it is; with {@code email}, {@code email_verified} must not be false
   * @return a changed copy
   */
  public OidcIssuer username(Claim claim) {
    return new OidcIssuer(
        url,
        audiences,
        authorizedParties,
        algorithms,
        required,
        claim,
        groups,
        uid,
        extra,
        skew,
        keysFresh,
        keysKept);
  }

  /**
   * Sets where the groups are.
   *
   * @param claim where they are: a text, or a list of texts
   * @return a changed copy
   */
  public OidcIssuer groups(Claim claim) {
    return with(audiences, authorizedParties, algorithms, required, claim, uid, extra);
  }

  /**
   * Sets where the uid is.
   *
   * @param claim where it is
   * @return a changed copy
   */
  public OidcIssuer uid(Claim claim) {
    return with(audiences, authorizedParties, algorithms, required, groups, claim, extra);
  }

  /**
   * Adds a further fact about the user.
   *
   * @param key in lower case, such as {@code example.com/department}
   * @param claim where it is: a text, or a list of texts
   * @return a changed copy
   */
  public OidcIssuer extra(String key, Claim claim) {
    Map<String, Claim> more = new LinkedHashMap<>(extra);
    more.put(key, claim);
    return with(audiences, authorizedParties, algorithms, required, groups, uid, more);
  }

  /**
   * Sets by how much clocks may differ.
   *
   * @param most 0 to 5 minutes
   * @return a changed copy
   */
  public OidcIssuer skew(Duration most) {
    return timed(most, keysFresh, keysKept);
  }

  /**
   * Sets how long keys are used.
   *
   * @param fresh before they are fetched again, 10 seconds to 1 day
   * @param kept when the issuer cannot be reached, from {@code fresh} to 7 days
   * @return a changed copy
   */
  public OidcIssuer keys(Duration fresh, Duration kept) {
    return timed(skew, fresh, kept);
  }

  private OidcIssuer timed(Duration newSkew, Duration fresh, Duration kept) {
    return new OidcIssuer(
        url,
        audiences,
        authorizedParties,
        algorithms,
        required,
        username,
        groups,
        uid,
        extra,
        newSkew,
        fresh,
        kept);
  }

  private OidcIssuer with(
      Set<String> newAudiences,
      Set<String> newParties,
      Set<SignatureAlgorithm> newAlgorithms,
      Map<String, String> newRequired,
      @Nullable Claim newGroups,
      @Nullable Claim newUid,
      Map<String, Claim> newExtra) {
    return new OidcIssuer(
        url,
        newAudiences,
        newParties,
        newAlgorithms,
        newRequired,
        username,
        newGroups,
        newUid,
        newExtra,
        skew,
        keysFresh,
        keysKept);
  }

  /**
   * Makes an authenticator for this issuer alone.
   *
   * @return the authenticator
   * @throws dev.fairlead.api.InvalidException if something is missing or cannot be used; the
   *     message lists every mistake
   */
  public OidcAuthenticator build() {
    return OidcAuthenticator.builder().issuer(this).build();
  }
}
