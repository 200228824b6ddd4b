package dev.fairlead.testkit.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.authorization.Binding;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RolesConformanceTest extends AuthorizerConformance {

  @Override
  protected Authorizer allowing(List<Permission> permissions) {
    return roles(permissions);
  }

  private static Roles roles(List<Permission> permissions) {
    Roles.Builder roles = Roles.builder();
    for (int i = 0; i < permissions.size(); i++) {
      Permission one = permissions.get(i);
      roles.role(
          "r" + i,
          Rule.builder()
              .clusters(one.cluster())
              .namespaces(one.namespace())
              .apiGroups(one.apiGroup())
              .resources(one.resource())
              .verbs(one.verb())
              .build());
      roles.bind(
          new Binding(
              "r" + i,
              one.user().isEmpty() ? List.of() : List.of(one.user()),
              one.group().isEmpty() ? List.of() : List.of(one.group())));
    }
    return roles.build();
  }

  @Nested
  class Reloaded extends AuthorizerConformance {
    @Override
    protected Authorizer allowing(List<Permission> permissions) {
      ReloadableRoles reloadable = ReloadableRoles.of(Roles.builder().build());
      reloadable.replace(roles(permissions));
      return reloadable;
    }
  }

  /** The kit finds an authoriser that lets everybody do everything. */
  @Test
  void kitFindsAnAuthoriserThatAllowsTooMuch() throws Exception {
    AuthorizerConformance careless =
        new AuthorizerConformance() {
          @Override
          protected Authorizer allowing(List<Permission> permissions) {
            return request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all"));
          }
        };
    careless.make();
    List<Runnable> cases =
        List.of(
            careless::nobodyElseIsAllowed,
            careless::nothingElseIsAllowed,
            careless::subresourcesAreApart,
            careless::nobodyImpersonatesUnasked,
            careless::pathIsNoResource,
            careless::refusalSaysWhoMayNotDoWhatInOneLine,
            careless::hostileNamesAreAnswered,
            careless::manyGroupsAreLookedAt);
    assertThat(cases).allSatisfy(RolesConformanceTest::assertFails);
  }

  private static void assertFails(Runnable one) {
    boolean failed = false;
    try {
      one.run();
    } catch (AssertionError e) {
      failed = true;
    }
    assertThat(failed).isTrue();
  }
}
