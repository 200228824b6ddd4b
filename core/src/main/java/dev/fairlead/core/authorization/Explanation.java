package dev.fairlead.core.authorization;

import dev.fairlead.api.auth.Decision;
import java.util.List;
import java.util.Objects;

/**
 * How a request was decided, and why. For administrators: it shows what others may do.
 *
 * @param decision what was decided
 * @param reason the rule that decided, or that there is none, in a sentence
 * @param nearest other rules that come nearest to covering the request, nearest first; at most 5
 */
public record Explanation(Decision decision, String reason, List<Near> nearest) {

  /**
   * A rule that did not decide.
   *
   * @param role the role's name
   * @param rule the rule in that role, such as {@code rules[1]}
   * @param effect what it would have done
   * @param misses what kept it from deciding, each with what the rule has and what was asked for
   */
  public record Near(String role, String rule, Rule.Effect effect, List<String> misses) {
    /** Checks and copies the parts. */
    public Near {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(effect, "effect");
      misses = List.copyOf(misses);
    }
  }

  /** Checks and copies the parts. */
  public Explanation {
    Objects.requireNonNull(decision, "decision");
    Objects.requireNonNull(reason, "reason");
    nearest = List.copyOf(nearest);
  }

  /** The reason, and a line for each rule that came near, for people to read. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(reason);
    for (Near near : nearest) {
      text.append("\n  ")
          .append(near.effect() == Rule.Effect.DENY ? "denies not" : "allows not")
          .append(": ")
          .append(near.role())
          .append(' ')
          .append(near.rule())
          .append(", ")
          .append(String.join("; ", near.misses()));
    }
    return text.toString();
  }
}
