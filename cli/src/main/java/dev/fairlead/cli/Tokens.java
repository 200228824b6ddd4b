package dev.fairlead.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in gave.
 *
 * @param access what the hub takes as a bearer token
 * @param expiresAt until when it holds; null if nobody said, as for an API key
 * @param renewAt from when on it is renewed, before it expires; null if {@code expiresAt} is
 * @param refresh what a new one is got with; null if there is none
 */
record Tokens(
    String access,
    @Nullable Instant expiresAt,
    @Nullable Instant renewAt,
    @Nullable String refresh) {

  private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);
  private static final long UNKNOWN_LIFE = 300;
  private static final long LONGEST_LIFE = Duration.ofDays(366).toSeconds();

  /** Whether the token is to be renewed, or has ended. */
  boolean isDue(Instant now) {
    return renewAt != null && !now.isBefore(renewAt);
  }

  /** Whether the token still holds. */
  boolean holds(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  /** The same without what can renew them, once that has turned out to be of no more use. */
  Tokens withoutRefresh() {
    return new Tokens(access, expiresAt, renewAt, null);
  }

  /** A token of which nobody knows how long it holds. */
  static Tokens lasting(String token) {
    return new Tokens(token, null, null, null);
  }

  /**
   * Reads the answer of a token endpoint (RFC 6749 section 5.1). Its margin before the expiry is a
   * minute, or a fifth of a life shorter than five.
   *
   * @param name which of its tokens the hub takes: {@code access_token} or {@code id_token}
   * @param former what a refresh began with; an answer without a refresh token keeps it (section 6)
   * @throws Refusal if the answer has no such token
   */
  static Tokens read(
      Map<String, ?> answer, String name, @Nullable String former, Instant now, String from) {
    String token =
        Json.text(answer, name)
            .orElseThrow(() -> new Refusal(from + ": the answer has no " + name));
    String type = Json.text(answer, "token_type").orElse("Bearer");
    if (!type.equalsIgnoreCase("Bearer")) {
      throw new Refusal(from + ": tokens of type " + type + " (expected: Bearer)");
    }
    long life =
        name.equals("access_token")
            ? seconds(answer).orElse(UNKNOWN_LIFE)
            : lifeOfJwt(token, now).orElse(UNKNOWN_LIFE);
    Duration lasts = Duration.ofSeconds(Math.max(0, Math.min(life, LONGEST_LIFE)));
    Duration fifth = lasts.dividedBy(5);
    Duration margin = fifth.compareTo(LONGEST_MARGIN) < 0 ? fifth : LONGEST_MARGIN;
    return new Tokens(
        token,
        now.plus(lasts),
        now.plus(lasts).minus(margin),
        Json.text(answer, "refresh_token").orElse(former));
  }

  private static Optional<Long> seconds(Map<String, ?> answer) {
    Object found = answer.get("expires_in");
    if (found instanceof Long number) {
      return Optional.of(number);
    }
    return found instanceof String text && text.matches("[0-9]{1,9}")
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }

  /** Nobody is trusted by this: the hub checks the token, this only tells when to renew it. */
  private static Optional<Long> lifeOfJwt(String token, Instant now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      return Json.object(claims)
          .map(found -> found.get("exp"))
          .filter(Long.class::isInstance)
          .map(exp -> (Long) exp - now.getEpochSecond());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** When they end; never a token. */
  @Override
  public String toString() {
    return "Tokens[until " + expiresAt + (refresh == null ? "" : ", renewable") + "]";
  }
}
