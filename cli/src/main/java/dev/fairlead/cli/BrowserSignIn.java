package dev.fairlead.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sign-in with the browser on this machine: authorisation code (RFC 6749) with PKCE (RFC 7636). */
final class BrowserSignIn {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int SECRET_BYTES = 32;

  private final IssuerSignIn at;
  private final SecureRandom random;
  private final Browser browser;
  private final Talk talk;

  BrowserSignIn(IssuerSignIn at, SecureRandom random, Browser browser, Talk talk) {
    this.at = at;
    this.random = random;
    this.browser = browser;
    this.talk = talk;
  }

  /** Opens the browser, and returns when it has come back. */
  Tokens run() {
    URI endpoint = at.issuer().endpoint("authorization_endpoint", "sign-in by browser");
    String state = secret();
    String verifier = secret();
    try (Loopback loopback = Loopback.open(state)) {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("response_type", "code");
      query.put("client_id", at.client().clientId());
      query.put("redirect_uri", loopback.redirect().toString());
      query.put("scope", at.scope());
      query.put("state", state);
      query.put("code_challenge", challenge(verifier));
      query.put("code_challenge_method", "S256");
      String joint = endpoint.getRawQuery() == null ? "?" : "&";
      URI page = URI.create(endpoint + joint + Calls.form(query));
      if (browser.open(page)) {
        talk.say("A browser opens. If it does not, open this page in one on this machine:");
      } else {
        talk.say("Open this page in a browser on this machine:");
      }
      talk.say(page.toString());
      return exchange(loopback.await(PATIENCE), verifier, loopback.redirect());
    }
  }

  private Tokens exchange(Map<String, String> answer, String verifier, URI redirect) {
    // RFC 9207: an issuer that names itself must be the one that was asked.
    String from = answer.get("iss");
    if (from != null && !from.equals(at.issuer().name())) {
      throw new Refusal("the browser came back from another issuer; nothing was signed in");
    }
    String code = answer.get("code");
    if (code == null) {
      String reason =
          answer.getOrDefault("error_description", answer.getOrDefault("error", "no code"));
      throw new Refusal(at.issuer().name() + ": " + Answer.printable(reason));
    }
    Map<String, String> fields = at.fields("authorization_code");
    fields.put("code", code);
    fields.put("redirect_uri", redirect.toString());
    fields.put("code_verifier", verifier);
    Answer tokens = at.ask(fields);
    if (!tokens.isDone()) {
      throw new Refusal(at.issuer().name() + ": " + tokens.reason());
    }
    return at.tokens(tokens);
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String challenge(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
