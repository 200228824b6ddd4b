package dev.fairlead.core.authorization;

import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A rule as it was given to somebody, and what it makes of a request. */
final class Grant {

  private final CompiledRule rule;
  private final String role;
  private final String name;
  private final CompiledCondition when;
  private final @Nullable Instant expiresAt;
  private final CompletionStage<Decision> allowed;

  Grant(
      CompiledRule rule,
      String role,
      String name,
      CompiledCondition when,
      @Nullable Instant expiresAt) {
    this.rule = rule;
    this.role = role;
    this.name = name;
    this.when = when;
    this.expiresAt = expiresAt;
    this.allowed = CompletableFuture.completedStage(new Decision.Allowed(role, name));
  }

  CompiledRule rule() {
    return rule;
  }

  String role() {
    return role;
  }

  String name() {
    return name;
  }

  boolean denies() {
    return rule.source().denies();
  }

  boolean holds(Question question) {
    return (expiresAt == null || question.at().isBefore(expiresAt))
        && rule.when().holds(question, denies())
        && when.holds(question, denies());
  }

  /** When it may begin or cease to hold, or null if it will not. */
  @Nullable Instant nextChange(Instant after) {
    if (expiresAt != null && !after.isBefore(expiresAt)) {
      return null;
    }
    Instant hours =
        CompiledCondition.earlier(rule.when().nextChange(after), when.nextChange(after));
    return CompiledCondition.earlier(expiresAt, hours);
  }

  CompletionStage<Decision> allowed(@Nullable Instant until) {
    return until == null
        ? allowed
        : CompletableFuture.completedStage(new Decision.Allowed(role, name, until));
  }
}
