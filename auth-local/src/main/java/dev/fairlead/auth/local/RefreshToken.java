package dev.fairlead.auth.local;

import dev.fairlead.api.store.SessionStore.ShownToken;
import dev.fairlead.core.secret.RandomSecrets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A refresh token, {@code flr_<session>_<family>_<secret>}: the session's id, the secret that all
 * its refresh tokens share, and its own. By the family's secret one that was used before is told
 * from one that somebody made up who knows the id from an access token.
 */
record RefreshToken(String sessionId, String family, String secret) {

  private static final Pattern FORM =
      Pattern.compile("flr_([0-9a-f]{16})_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})");

  static Optional<RefreshToken> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new RefreshToken(form.group(1), form.group(2), form.group(3)))
        : Optional.empty();
  }

  ShownToken shown() {
    return new ShownToken(sessionId, RandomSecrets.hash(family), RandomSecrets.hash(secret));
  }

  RefreshToken next(String nextSecret) {
    return new RefreshToken(sessionId, family, nextSecret);
  }

  String text() {
    return "flr_" + sessionId + "_" + family + "_" + secret;
  }

  @Override
  public String toString() {
    return "RefreshToken[" + sessionId + "]";
  }
}
