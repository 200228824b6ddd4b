package dev.fairlead.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session as JSON. */
final class SessionText {

  private static final String FORM = "1";

  private SessionText() {}

  static String write(Session session) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("form", FORM);
    object.put("hub", session.hub().toString());
    object.put("ca", session.ca());
    object.put("user", session.user());
    if (session.origin() instanceof Origin.AtIssuer at) {
      object.put("origin", "issuer");
      object.put("issuer", at.issuer());
      object.put("clientId", at.clientId());
      object.put("tokenName", at.tokenName());
      object.put("tokenEndpoint", at.tokenEndpoint());
      object.put("revocationEndpoint", at.revocationEndpoint());
      object.put("issuerCa", at.ca());
    } else {
      object.put("origin", session.origin() instanceof Origin.LocalAccount ? "local" : "token");
    }
    Tokens tokens = session.tokens();
    object.put("accessToken", tokens.access());
    object.put("expiresAt", tokens.expiresAt());
    object.put("renewAt", tokens.renewAt());
    object.put("refreshToken", tokens.refresh());
    return Json.write(object);
  }

  /** Reads what {@link #write} wrote, or nothing if it is anything else. */
  static Optional<Session> read(String text) {
    return Json.object(text)
        .filter(found -> FORM.equals(found.get("form")))
        .flatMap(SessionText::session);
  }

  private static Optional<Session> session(Map<String, @Nullable Object> object) {
    Optional<Origin> origin = origin(object);
    Optional<String> hub = Json.text(object, "hub");
    Optional<String> access = Json.text(object, "accessToken");
    if (origin.isEmpty() || hub.isEmpty() || access.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Session(
              HubAddress.parse(hub.get()),
              orNull(object, "ca"),
              Json.text(object, "user").orElse(""),
              origin.get(),
              new Tokens(
                  access.get(),
                  instant(object, "expiresAt"),
                  instant(object, "renewAt"),
                  orNull(object, "refreshToken"))));
    } catch (Refusal | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Origin> origin(Map<String, @Nullable Object> object) {
    return switch (Json.text(object, "origin").orElse("")) {
      case "local" -> Optional.of(new Origin.LocalAccount());
      case "token" -> Optional.of(new Origin.GivenToken());
      case "issuer" ->
          Optional.of(
              new Origin.AtIssuer(
                  Json.text(object, "issuer").orElse(""),
                  Json.text(object, "clientId").orElse(""),
                  Json.text(object, "tokenName").orElse("access_token"),
                  Json.text(object, "tokenEndpoint").orElse(""),
                  orNull(object, "revocationEndpoint"),
                  orNull(object, "issuerCa")));
      default -> Optional.empty();
    };
  }

  private static @Nullable Instant instant(Map<String, @Nullable Object> object, String name) {
    String text = orNull(object, name);
    return text == null ? null : Instant.parse(text);
  }

  private static @Nullable String orNull(Map<String, @Nullable Object> object, String name) {
    return Json.text(object, name).orElse(null);
  }
}
