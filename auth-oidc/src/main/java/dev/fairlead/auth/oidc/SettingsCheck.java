package dev.fairlead.auth.oidc;

import dev.fairlead.api.InvalidException;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a configuration, each mistake with its key and what would be right.
 */
final class SettingsCheck {

  private static final String RESERVED = "system:";
  private static final Pattern EXTRA_KEY = Pattern.compile("[a-z0-9._/-]{1,128}");

  private final String source;
  private final List<String> mistakes = new ArrayList<>();
  private final Set<String> urls = new HashSet<>();

  SettingsCheck(String source) {
    this.source = source;
  }

  void add(String key, String found, String expected) {
    mistakes.add(key + ": " + found + " (expected: " + expected + ")");
  }

  void throwIfAny() {
    if (!mistakes.isEmpty()) {
      throw new InvalidException(
          source
              + ": "
              + (mistakes.size() == 1 ? "1 mistake" : mistakes.size() + " mistakes")
              + "\n  "
              + String.join("\n  ", mistakes));
    }
  }

  void url(String key, String text) {
    if (Destination.configured(text).isEmpty()) {
      add(
          key,
          '"' + text + '"',
          "an https URL without user and fragment, or http on a loopback address");
    }
  }

  void between(String key, Duration found, Duration least, Duration most) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      add(key, found.toString(), least + " to " + most);
    }
  }

  void client(@Nullable HttpClient client, List<X509Certificate> authorities, Duration timeout) {
    if (client != null && client.followRedirects() != HttpClient.Redirect.NEVER) {
      add("http", "follows redirects", "a client with Redirect.NEVER");
    }
    if (client != null && !authorities.isEmpty()) {
      add("trusting", "set beside http", "one of them; let the client itself trust authorities");
    }
    between("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(1));
  }

  void issuer(OidcIssuer issuer) {
    String key = "issuer " + issuer.url();
    url(key, issuer.url());
    if (issuer.url().contains("?")) {
      add(key, "has a query", "the issuer exactly as in iss, which has none");
    }
    if (!urls.add(issuer.url())) {
      add(key, "twice", "each issuer once");
    }
    if (issuer.audiences().isEmpty()) {
      add(key + ": audience", "none", "at least 1, such as \"fairlead\"");
    }
    texts(key + ": audience", issuer.audiences());
    texts(key + ": authorizedParty", issuer.authorizedParties());
    if (issuer.algorithms().isEmpty()) {
      add(key + ": algorithms", "none", "at least 1, such as RS256");
    }
    issuer.required().keySet().forEach(path -> path(key + ": requiring", path));
    claims(key, issuer);
    between(key + ": skew", issuer.skew(), Duration.ZERO, Duration.ofMinutes(5));
    between(key + ": keys, fresh", issuer.keysFresh(), Duration.ofSeconds(10), Duration.ofDays(1));
    between(key + ": keys, kept", issuer.keysKept(), issuer.keysFresh(), Duration.ofDays(7));
  }

  /** What the claims of an issuer become. */
  void claims(String key, OidcIssuer issuer) {
    claim(key + ": username", issuer.username());
    Claim groups = issuer.groups();
    if (groups != null) {
      claim(key + ": groups", groups);
    }
    Claim uid = issuer.uid();
    if (uid != null) {
      claim(key + ": uid", uid);
    }
    for (Map.Entry<String, Claim> one : issuer.extra().entrySet()) {
      claim(key + ": extra " + one.getKey(), one.getValue());
      if (!EXTRA_KEY.matcher(one.getKey()).matches() || isKubernetes(one.getKey())) {
        add(
            key + ": extra " + one.getKey(),
            "cannot be a key",
            "1-128 of a-z, 0-9, '.', '_', '/', '-', and not one of kubernetes.io or k8s.io");
      }
    }
  }

  private static boolean isKubernetes(String key) {
    int slash = key.indexOf('/');
    String domain = slash < 0 ? "" : "." + key.substring(0, slash).toLowerCase(Locale.ROOT);
    return domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io");
  }

  private void texts(String key, Set<String> values) {
    if (values.stream().anyMatch(String::isBlank)) {
      add(key, "blank", "a text");
    }
  }

  private void path(String key, String path) {
    if (!ClaimPath.isValid(path)) {
      add(key, '"' + path + '"', "a claim's name, or a JSON Pointer such as /realm_access/roles");
    }
  }

  private void claim(String key, Claim claim) {
    path(key, claim.path());
    if (claim.prefix().startsWith(RESERVED)) {
      add(key + ", prefix", '"' + claim.prefix() + '"', "one that does not begin with system:");
    }
    String regex = claim.pattern();
    if (regex != null) {
      try {
        Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        add(key + ", pattern", e.getDescription() + " at " + e.getIndex(), "a regular expression");
      }
    }
  }

  /** No issuer may give names that another gives, unless they mean the same. */
  void apart(List<OidcIssuer> issuers, boolean sharedNames) {
    if (sharedNames) {
      return;
    }
    apart(issuers, "username", OidcIssuer::username);
    apart(issuers, "groups", OidcIssuer::groups);
  }

  private void apart(
      List<OidcIssuer> issuers, String what, Function<OidcIssuer, @Nullable Claim> claimOf) {
    for (int i = 0; i < issuers.size(); i++) {
      for (int j = i + 1; j < issuers.size(); j++) {
        Claim one = claimOf.apply(issuers.get(i));
        Claim other = claimOf.apply(issuers.get(j));
        if (one != null
            && other != null
            && (one.prefix().startsWith(other.prefix())
                || other.prefix().startsWith(one.prefix()))) {
          add(
              "issuers " + issuers.get(i).url() + " and " + issuers.get(j).url() + ": " + what,
              "prefixes \"" + one.prefix() + "\" and \"" + other.prefix() + '"',
              "two of which neither begins with the other, or sharedNames() if the same name means"
                  + " the same");
        }
      }
    }
  }
}
