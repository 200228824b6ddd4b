package dev.fairlead.auth.oidc;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an identity of claims. */
final class IdentityMapping {

  private static final String RESERVED = "system:";
  private static final String EMAIL = "email";

  private record Part(ClaimPath path, String prefix, @Nullable Pattern pattern) {
    static Part of(Claim claim) {
      String regex = claim.pattern();
      return new Part(
          ClaimPath.of(claim.path()),
          claim.prefix(),
          regex == null ? null : Pattern.compile(regex, Pattern.DOTALL));
    }

    boolean matches(String value) {
      return pattern == null || pattern.matcher(value).matches();
    }
  }

  /** Longer values are no names; no pattern is tried on them. */
  private static final int LONGEST = 1_024;

  private final Part username;
  private final boolean byEmail;
  private final @Nullable Part groups;
  private final @Nullable Part uid;
  private final Map<String, Part> extra = new LinkedHashMap<>();

  IdentityMapping(OidcIssuer issuer) {
    username = Part.of(issuer.username());
    byEmail = issuer.username().path().equals(EMAIL);
    Claim ofGroups = issuer.groups();
    groups = ofGroups == null ? null : Part.of(ofGroups);
    Claim ofUid = issuer.uid();
    uid = ofUid == null ? null : Part.of(ofUid);
    issuer.extra().forEach((key, claim) -> extra.put(key, Part.of(claim)));
  }

  /**
   * The identity that the claims stand for.
   *
   * @throws TokenRefused if they name nobody, or somebody whom Kubernetes keeps for itself
   */
  Identity identity(Map<String, Object> claims) throws TokenRefused {
    if (byEmail && claims.getOrDefault("email_verified", true) != Boolean.TRUE) {
      throw new TokenRefused("email_verified: not true (expected: true, as users are named by it)");
    }
    String name = one("username", username, claims);
    List<String> all = groups == null ? List.of() : many("groups", groups, claims);
    Map<String, List<String>> more = new LinkedHashMap<>();
    for (Map.Entry<String, Part> one : extra.entrySet()) {
      List<String> values = many("extra " + one.getKey(), one.getValue(), claims);
      if (!values.isEmpty()) {
        more.put(one.getKey(), values);
      }
    }
    if (name.startsWith(RESERVED) || all.stream().anyMatch(one -> one.startsWith(RESERVED))) {
      throw new TokenRefused(
          "username or group: begins with system: (expected: a prefix before it, or another)");
    }
    try {
      return new Identity(name, uid == null ? null : one("uid", uid, claims), all, more);
    } catch (InvalidException e) {
      throw new TokenRefused(e.getMessage());
    }
  }

  private static String one(String what, Part part, Map<String, Object> claims)
      throws TokenRefused {
    if (!(part.path().in(claims) instanceof String value) || value.isBlank()) {
      throw new TokenRefused(what + ": no such claim (expected: a text that is not blank)");
    }
    if (value.length() > LONGEST || !part.matches(value)) {
      throw new TokenRefused(what + ": is not of the form that is configured");
    }
    return part.prefix() + value;
  }

  private static List<String> many(String what, Part part, Map<String, Object> claims)
      throws TokenRefused {
    Object found = part.path().in(claims);
    if (found == null) {
      if (claims.get("_claim_names") instanceof Map<?, ?> elsewhere
          && elsewhere.containsKey(part.path().root())) {
        throw new TokenRefused(
            what + ": are not in the token but elsewhere (expected: in the token)");
      }
      return List.of();
    }
    List<?> listed = found instanceof List<?> list ? list : List.of(found);
    List<String> values = new ArrayList<>();
    for (Object one : listed) {
      if (!(one instanceof String value) || value.length() > LONGEST) {
        throw new TokenRefused(what + ": no list of texts of at most 1024 characters");
      }
      if (part.matches(value)) {
        values.add(part.prefix() + value);
      }
    }
    return values;
  }
}
