package dev.fairlead.core.authorization;

import java.util.Objects;

/**
 * Something about roles that is no mistake, but probably not what was meant.
 *
 * @param kind what is wrong with it
 * @param key where, such as {@code roles[0].rules[1]}
 * @param message what a reader may not see
 * @param advice what to write in its place
 */
public record Finding(Kind kind, String key, String message, String advice) {

  /** What is wrong. */
  public enum Kind {
    /** It has no effect. */
    NEVER_MATCHES,
    /** It gives more than it seems to. */
    GRANTS_MORE,
    /** It denies less than it seems to. */
    DENIES_LESS
  }

  /** Checks the parts. */
  public Finding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(advice, "advice");
  }

  /** All of it in one line. */
  @Override
  public String toString() {
    return key + ": " + message + " (" + advice + ")";
  }
}
