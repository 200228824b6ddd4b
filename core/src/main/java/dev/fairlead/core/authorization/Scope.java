package dev.fairlead.core.authorization;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a credential is good for, in the rules of roles, whoever comes with it. It gives no rights:
 * it is asked besides the roles, and a request needs both.
 *
 * <p>Decides as {@link Roles} do: what no rule allows is refused, denials win, and where something
 * is allowed, so is discovery. Immutable and safe for use by any thread; a decision's stage is
 * already complete.
 */
public final class Scope implements Authorizer {

  private static final String NAME = "scope";
  private static final Identity BEARER = Identity.user("bearer");

  private final Roles roles;

  private Scope(Roles roles) {
    this.roles = roles;
  }

  /**
   * Makes a scope in code.
   *
   * @param rules what it allows and denies; at least one
   * @return the scope
   * @throws dev.fairlead.api.InvalidException with every mistake, each with its key
   */
  public static Scope of(List<Rule> rules) {
    return checked(rules, new Mistakes(NAME));
  }

  /**
   * Reads a scope from maps, lists and text, as they come out of JSON.
   *
   * @param tree a map with {@code rules}, each as in {@link Roles#parse}
   * @param sourceName what to call it in messages
   * @return the scope
   * @throws dev.fairlead.api.InvalidException with every mistake, each with its key
   */
  public static Scope of(Map<String, ?> tree, String sourceName) {
    return read(tree, new Mistakes(sourceName));
  }

  /**
   * Reads a scope from YAML or JSON.
   *
   * @param text {@code rules}, each as in {@link Roles#parse}; at most 1 MiB
   * @param sourceName what to call it in messages
   * @return the scope
   * @throws dev.fairlead.api.InvalidException with every mistake, each with its place and key
   */
  public static Scope parse(String text, String sourceName) {
    YamlFile.requireBounded(text.length(), sourceName);
    Mistakes mistakes = new Mistakes(sourceName);
    return read(new YamlTree(mistakes).read(YamlText.compose(text, sourceName)), mistakes);
  }

  private static Scope read(@Nullable Object tree, Mistakes mistakes) {
    TreeShape shape = new TreeShape(mistakes);
    RolesTree form = new RolesTree(mistakes);
    Map<?, ?> fields = shape.fields(tree, TreeShape.ROOT, "rules");
    List<Rule> rules = new ArrayList<>();
    for (Object item : shape.items(fields, TreeShape.ROOT, "rules")) {
      rules.add(form.rule(item, "rules[" + rules.size() + "]"));
    }
    return checked(rules, mistakes);
  }

  private static Scope checked(List<Rule> rules, Mistakes mistakes) {
    new RolesCheck(mistakes).checkRules(rules, TreeShape.ROOT);
    mistakes.throwIfAny();
    return new Scope(
        Roles.builder()
            .role(NAME, rules.toArray(Rule[]::new))
            .bindUsers(NAME, BEARER.username())
            .build());
  }

  /**
   * The rules, in the order they were given.
   *
   * @return an unmodifiable list
   */
  public List<Rule> rules() {
    return roles.roles().get(0).rules();
  }

  /**
   * The rules in the form that {@link #of(Map, String)} reads.
   *
   * @return maps, lists and text
   */
  public Map<String, Object> toMap() {
    return Map.of("rules", rules().stream().map(RolesTree::write).toList());
  }

  /**
   * The rules in the form that {@link #parse} reads.
   *
   * @return JSON
   */
  public String toJson() {
    return RolesText.line(toMap());
  }

  /**
   * Decides at once, without blocking, and whoever asks.
   *
   * @param request who wants to do what, where
   * @return a stage that is already complete
   */
  @Override
  public CompletionStage<Decision> authorize(AccessRequest request) {
    return roles
        .authorize(request.by(BEARER))
        .thenApply(
            decision ->
                decision instanceof Decision.Denied denied
                    ? new Decision.Denied(
                        Refusal.of(request) + ": outside of the credential's scope",
                        denied.role(),
                        denied.rule())
                    : decision);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scope scope && rules().equals(scope.rules());
  }

  @Override
  public int hashCode() {
    return rules().hashCode();
  }

  /** The number of rules. */
  @Override
  public String toString() {
    return "Scope[" + rules().size() + " rules]";
  }
}
