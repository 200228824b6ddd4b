package dev.fairlead.core.authorization;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Looks at every rule for a request, given to its user or not. */
final class Explainer {

  private static final int MOST_NEAR = 5;

  private final List<Role> roles;
  private final List<Binding> bindings;

  Explainer(List<Role> roles, List<Binding> bindings) {
    this.roles = roles;
    this.bindings = bindings;
  }

  Explanation explain(AccessRequest request, Decision decision) {
    Question question = new Question(request);
    List<Explanation.Near> near = new ArrayList<>();
    for (Role role : roles) {
      List<String> unbound = unbound(role, question);
      for (int i = 0; i < role.rules().size(); i++) {
        String name = "rules[" + i + "]";
        if (!decided(decision, role.name(), name)) {
          Rule rule = role.rules().get(i);
          List<String> misses = new ArrayList<>(new CompiledRule(rule).misses(question));
          misses.addAll(unbound);
          if (misses.isEmpty()) {
            misses.add("another rule decided before");
          }
          near.add(new Explanation.Near(role.name(), name, rule.effect(), misses));
        }
      }
    }
    near.sort(Comparator.comparingInt(n -> n.misses().size()));
    return new Explanation(
        decision, reason(decision), near.subList(0, Math.min(MOST_NEAR, near.size())));
  }

  private static boolean decided(Decision decision, String role, String rule) {
    if (decision instanceof Decision.Allowed allowed) {
      return role.equals(allowed.role()) && rule.equals(allowed.rule());
    }
    return decision instanceof Decision.Denied denied
        && role.equals(denied.role())
        && rule.equals(denied.rule());
  }

  private static String reason(Decision decision) {
    if (decision instanceof Decision.Allowed allowed) {
      Instant until = allowed.until();
      String end = until == null ? "" : ", to be asked again at " + until;
      return "allowed by role " + allowed.role() + ", " + allowed.rule() + end;
    }
    Decision.Denied denied = (Decision.Denied) decision;
    return denied.role() == null
        ? "refused: no rule allows it"
        : "denied by role " + denied.role() + ", " + denied.rule();
  }

  /** Why no binding gives the role to the user at the moment; empty if one does. */
  private List<String> unbound(Role role, Question question) {
    Identity identity = question.request.identity();
    List<String> best =
        List.of(
            "bindings: role "
                + role.name()
                + " is not given to "
                + Mistakes.printable(identity.username())
                + " or a group of theirs");
    for (Binding binding : bindings) {
      if (!binding.role().equals(role.name()) || !isGivenTo(binding, identity)) {
        continue;
      }
      List<String> misses =
          new ArrayList<>(
              new CompiledCondition(binding.when()).misses(question, binding.when(), false));
      Instant expiresAt = binding.expiresAt();
      if (expiresAt != null && !question.at().isBefore(expiresAt)) {
        misses.add("bindings: expired at " + expiresAt);
      }
      if (misses.isEmpty()) {
        return misses;
      }
      best = misses;
    }
    return best;
  }

  private static boolean isGivenTo(Binding binding, Identity identity) {
    return binding.users().contains(identity.username())
        || Stream.concat(identity.groups().stream(), Stream.of(RuleIndex.EVERYBODY))
            .anyMatch(binding.groups()::contains);
  }
}
