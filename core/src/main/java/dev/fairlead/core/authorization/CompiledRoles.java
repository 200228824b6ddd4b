package dev.fairlead.core.authorization;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Roles ready for decisions. What denies comes before what allows; else the order is kept. */
final class CompiledRoles {

  private record Given(Grant grant, Set<String> users, Set<String> groups) {}

  private final List<Grant> grants;
  private final RuleIndex index;
  private final DefaultRules defaults = new DefaultRules();

  CompiledRoles(List<Role> roles, List<Binding> bindings) {
    List<Given> given = new ArrayList<>();
    for (Role role : roles) {
      give(role, bindings.stream().filter(b -> b.role().equals(role.name())).toList(), given);
    }
    given.sort(Comparator.comparing(g -> !g.grant().denies()));
    grants = given.stream().map(Given::grant).toList();
    int words = (given.size() + 63) / 64;
    Map<String, long[]> byUser = new HashMap<>();
    Map<String, long[]> byGroup = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      for (String user : given.get(i).users()) {
        Bits.set(byUser.computeIfAbsent(user, name -> new long[words]), i);
      }
      for (String group : given.get(i).groups()) {
        Bits.set(byGroup.computeIfAbsent(group, name -> new long[words]), i);
      }
    }
    index = new RuleIndex(grants.stream().map(g -> g.rule().source()).toList(), byUser, byGroup);
  }

  /** Bindings for good share what they give; each other one gives something of its own. */
  private static void give(Role role, List<Binding> bindings, List<Given> given) {
    Set<String> users = new HashSet<>();
    Set<String> groups = new HashSet<>();
    List<Binding> limited = new ArrayList<>();
    for (Binding binding : bindings) {
      if (binding.expiresAt() == null && binding.when().equals(Condition.NONE)) {
        users.addAll(binding.users());
        groups.addAll(binding.groups());
      } else {
        limited.add(binding);
      }
    }
    for (int i = 0; i < role.rules().size(); i++) {
      CompiledRule rule = new CompiledRule(role.rules().get(i));
      String name = "rules[" + i + "]";
      if (!users.isEmpty() || !groups.isEmpty()) {
        CompiledCondition always = new CompiledCondition(Condition.NONE);
        given.add(new Given(new Grant(rule, role.name(), name, always, null), users, groups));
      }
      for (Binding binding : limited) {
        CompiledCondition when = new CompiledCondition(binding.when());
        given.add(
            new Given(
                new Grant(rule, role.name(), name, when, binding.expiresAt()),
                Set.copyOf(binding.users()),
                Set.copyOf(binding.groups())));
      }
    }
  }

  CompletionStage<Decision> decide(AccessRequest request) {
    Question question = new Question(request);
    RuleIndex.Candidates candidates = index.candidates(request.identity(), question);
    Instant until = null;
    for (int i = candidates.next(); i >= 0; i = candidates.next()) {
      Grant grant = grants.get(i);
      if (!grant.rule().covers(question)) {
        continue;
      }
      boolean holds = grant.holds(question);
      if (grant.denies()) {
        if (holds) {
          return CompletableFuture.completedStage(
              new Decision.Denied(
                  Refusal.of(request) + ": a rule denies it", grant.role(), grant.name()));
        }
        until = CompiledCondition.earlier(until, grant.nextChange(question.at()));
      } else if (holds) {
        return grant.allowed(CompiledCondition.earlier(until, grant.nextChange(question.at())));
      }
    }
    Grant byDefault = defaults.covering(question);
    Grant known = byDefault == null ? null : onCluster(request.identity(), question);
    if (byDefault == null || known == null) {
      return CompletableFuture.completedStage(new Decision.Denied(Refusal.of(request)));
    }
    return byDefault.allowed(CompiledCondition.earlier(until, known.nextChange(question.at())));
  }

  /** Something that the user may do on that cluster now, or null. */
  private @Nullable Grant onCluster(Identity identity, Question question) {
    RuleIndex.Candidates candidates = index.onCluster(identity, question);
    for (int i = candidates.next(); i >= 0; i = candidates.next()) {
      Grant grant = grants.get(i);
      if (grant.rule().isAbout(question) && grant.holds(question)) {
        return grant;
      }
    }
    return null;
  }
}
