package dev.fairlead.auth.oidc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a part of an identity is taken from a token: where it stands, what is put before it, and what
 * it has to look like. There is nothing more to it, so that one can tell from the configuration
 * alone which names an issuer can give.
 *
 * @param path the name of a claim, such as {@code groups}; or, where it begins with a slash, a JSON
 *     Pointer (RFC 6901) into the claims, such as {@code /realm_access/roles}
 * @param prefix put before each value; may be empty
 * @param pattern a regular expression of {@link java.util.regex.Pattern} that the whole value has
 *     to match before the prefix is put before it, or null for any. A user name or uid that does
 *     not match is refused with its token; a group or extra value that does not is left out
 */
public record Claim(String path, String prefix, @Nullable String pattern) {

  /**
   * Checks for nulls; everything else is checked when the authenticator is built.
   *
   * @param path the name of a claim, or a JSON Pointer into the claims
   * @param prefix put before each value; may be empty
   * @param pattern what the whole value has to match, or null for any
   */
  public Claim {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(prefix, "prefix");
  }

  /**
   * The values of a claim as they are.
   *
   * @param path the name of a claim, or a JSON Pointer into the claims
   * @return the mapping
   */
  public static Claim of(String path) {
    return new Claim(path, "", null);
  }

  /**
   * The same with something before each value.
   *
   * @param text such as {@code corp:}
   * @return a new mapping
   */
  public Claim prefixedBy(String text) {
    return new Claim(path, text, pattern);
  }

  /**
   * The same for values of one form only.
   *
   * @param regex what the whole value has to match
   * @return a new mapping
   */
  public Claim matching(String regex) {
    return new Claim(path, prefix, Objects.requireNonNull(regex, "regex"));
  }
}
