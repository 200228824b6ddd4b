package dev.fairlead.cli;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect issuer (Discovery 1.0) as a public client sees it.
 *
 * @param name its name
 * @param calls to it
 * @param metadata what it says of itself
 */
record Issuer(String name, Calls calls, Map<String, @Nullable Object> metadata) {

  /** Finds its endpoints. */
  static Issuer discover(String name, Authorities authorities) {
    URI issuer = usable(name).orElseThrow(() -> refused(name));
    String base = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    Calls calls = new Calls(authorities);
    Answer answer = calls.get(URI.create(base + "/.well-known/openid-configuration"));
    if (!answer.isDone()) {
      String sentence = issuer + ": has no OpenID Connect metadata: " + answer.reason();
      throw answer.isServersFault() ? new Refusal.Unreachable(sentence) : new Refusal(sentence);
    }
    if (!name.equals(answer.body().get("issuer"))) {
      throw new Refusal(name + ": its metadata is of another issuer (expected: its own name)");
    }
    return new Issuer(name, calls, answer.body());
  }

  /** An endpoint, if it has one; an https URL, or one on this machine if the issuer is there. */
  Optional<URI> endpoint(String key) {
    Optional<String> text = Json.text(metadata, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI found = usable(text.get()).orElseThrow(() -> refused(name + ": " + key));
    if (isLoopback(found) && !isLoopback(URI.create(name))) {
      throw refused(name + ": " + key);
    }
    return Optional.of(found);
  }

  /** An endpoint that has to be there for a way of signing in. */
  URI endpoint(String key, String way) {
    return endpoint(key)
        .orElseThrow(
            () ->
                new Refusal(
                    name + ": offers no " + way + " (no " + key + "); use another --method"));
  }

  URI tokenEndpoint() {
    return endpoint("token_endpoint", "tokens");
  }

  private static Optional<URI> usable(String text) {
    try {
      URI uri = URI.create(text);
      boolean secure = "https".equalsIgnoreCase(uri.getScheme());
      boolean local = "http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri);
      boolean plain =
          uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
      return plain && (secure || local) ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Loopback by its spelling; names are not asked, as DNS may say anything. */
  private static boolean isLoopback(URI uri) {
    String host = String.valueOf(uri.getHost());
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static Refusal refused(String what) {
    return new Refusal(
        Answer.printable(what)
            + ": cannot be used (expected: an https URL, or one on this machine if the issuer is"
            + " here)");
  }
}
