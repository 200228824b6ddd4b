package dev.fairlead.api.auth;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an {@link Authorizer} decided. */
public sealed interface Decision {

  /**
   * The request may go on.
   *
   * @param role the role that allows it, for the audit record
   * @param rule the rule in that role, for the audit record
   * @param until when to ask again, because the decision rests on something that then may have
   *     ended; null if it holds until the authoriser tells of a change
   */
  record Allowed(String role, String rule, @Nullable Instant until) implements Decision {
    /**
     * Checks the parts.
     *
     * @param role the role that allows it, for the audit record
     * @param rule the rule in that role, for the audit record
     * @param until when to ask again; null if it holds until the authoriser tells of a change
     */
    public Allowed {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(rule, "rule");
    }

    /**
     * A decision that holds until the authoriser tells of a change.
     *
     * @param role the role that allows it, for the audit record
     * @param rule the rule in that role, for the audit record
     */
    public Allowed(String role, String rule) {
      this(role, rule, null);
    }
  }

  /**
   * The request is refused.
   *
   * @param message for the user: who may not do what, where; without anything that is not the
   *     user's business
   * @param role the role with the rule that denies it, for the audit record; null if it is refused
   *     for want of a rule that allows it
   * @param rule the rule in that role, or null
   */
  record Denied(String message, @Nullable String role, @Nullable String rule) implements Decision {
    /**
     * Checks the parts.
     *
     * @param message for the user: who may not do what, where; without anything that is not the
     *     user's business
     * @param role the role with the rule that denies it, or null
     * @param rule the rule in that role, or null
     */
    public Denied {
      Objects.requireNonNull(message, "message");
    }

    /**
     * A refusal for want of a rule that allows the request.
     *
     * @param message for the user: who may not do what, where
     */
    public Denied(String message) {
      this(message, null, null);
    }
  }
}
