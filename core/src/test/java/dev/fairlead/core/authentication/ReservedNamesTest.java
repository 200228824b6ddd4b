package dev.fairlead.core.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system:admin",
        "system:anonymous",
        "system:serviceaccount:kube-system:x",
        "system:"
      })
  void refusesAReservedUser(String name) {
    assertThatThrownBy(() -> ReservedNames.refuse(Identity.user(name)))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("user: " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system:masters",
        "system:nodes",
        "system:unauthenticated",
        "system:authenticated:",
        "system:authenticated2"
      })
  void refusesAReservedGroupWhereverItStands(String group) {
    Identity identity = Identity.user("jane").inGroups("dev", "system:authenticated", group);
    assertThatThrownBy(() -> ReservedNames.refuse(identity))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("group: " + group);
  }

  @Test
  void letsOtherNamesThrough() {
    Identity identity =
        Identity.user("jane:system:")
            .inGroups("system:authenticated", "systems", "dev:system:masters");
    assertThat(ReservedNames.refuse(identity)).isSameAs(identity);
    assertThat(ReservedNames.in(identity)).isEmpty();
  }
}
