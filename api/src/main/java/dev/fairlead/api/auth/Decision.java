package dev.fairlead.api.auth;

import java.util.Objects;

/** What an {@link Authorizer} decided. */
public sealed interface Decision {

  /**
   * The request may go on.
   *
   * @param role the role that allows it, for the audit record
   * @param rule the rule in that role, for the audit record
   */
  record Allowed(String role, String rule) implements Decision {
    /**
     * Checks the parts.
     *
     * @param role the role that allows it, for the audit record
     * @param rule the rule in that role, for the audit record
     */
    public Allowed {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(rule, "rule");
    }
  }

  /**
   * The request is refused.
   *
   * @param message for the user: who may not do what, where; without anything that is not the
   *     user's business
   */
  record Denied(String message) implements Decision {
    /**
     * Checks the parts.
     *
     * @param message for the user: who may not do what, where; without anything that is not the
     *     user's business
     */
    public Denied {
      Objects.requireNonNull(message, "message");
    }
  }
}
