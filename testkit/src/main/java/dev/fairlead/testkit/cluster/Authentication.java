package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Finds out who a request is from, by client certificate or bearer token, and who it runs as. */
final class Authentication {
  private static final String EXTRA = "impersonate-extra-";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private final Map<String, Caller> tokens;

  Authentication(Map<String, Caller> tokens) {
    this.tokens = Map.copyOf(tokens);
  }

  Caller authenticate(WireRequest request) {
    String header = request.header("authorization");
    if (!header.isEmpty()) {
      String token =
          header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).strip() : "";
      Caller caller = tokens.get(token);
      if (caller == null) {
        throw ApiException.of(401, "Unauthorized", "Unauthorized");
      }
      return caller;
    }
    X500Principal subject = request.certificate();
    return subject == null ? Caller.ANONYMOUS : named(subject);
  }

  /** {@return who the request asks to run as, null when it asks for nobody} */
  @Nullable Caller impersonated(WireRequest request) {
    String user = request.header("impersonate-user");
    List<String> groups =
        new ArrayList<>(request.headers().getOrDefault("impersonate-group", List.of()));
    String uid = request.header("impersonate-uid");
    Map<String, List<String>> extra = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (name.startsWith(EXTRA)) {
                extra.put(decode(name.substring(EXTRA.length())), values);
              }
            });
    if (user.isEmpty()) {
      if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
        throw ApiException.badRequest(
            "requested impersonation of groups, uid or extra without impersonating a user");
      }
      return null;
    }
    if (user.startsWith(SERVICE_ACCOUNT) && groups.isEmpty()) {
      String namespace = user.substring(SERVICE_ACCOUNT.length()).split(":", 2)[0];
      groups.add("system:serviceaccounts");
      groups.add("system:serviceaccounts:" + namespace);
    }
    boolean anonymous = user.equals(Caller.ANONYMOUS.user());
    String implied = anonymous ? "system:unauthenticated" : Caller.AUTHENTICATED;
    if (!groups.contains(implied)) {
      groups.add(implied);
    }
    return new Caller(user, uid, List.copyOf(groups), extra);
  }

  private static String decode(String key) {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return key; // as the API server does with a key that is not percent-encoded
    }
  }

  private static Caller named(X500Principal subject) {
    String user = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          user = String.valueOf(rdn.getValue());
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(rdn.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      throw new IllegalStateException("a verified certificate has the subject " + subject, e);
    }
    if (user.isEmpty()) {
      throw ApiException.of(401, "Unauthorized", "Unauthorized");
    }
    groups.add(Caller.AUTHENTICATED);
    return new Caller(user, "", List.copyOf(groups), Map.of());
  }
}
