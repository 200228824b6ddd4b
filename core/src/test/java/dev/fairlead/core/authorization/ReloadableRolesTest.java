package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.auth.Grounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadableRolesTest {

  @TempDir Path directory;

  private final List<String> told = new ArrayList<>();

  @Test
  void reloadDecidesAnewAndThenTells() throws Exception {
    Path file = Files.writeString(directory.resolve("roles.yaml"), yaml("/metrics"));
    ReloadableRoles roles = ReloadableRoles.load(file);
    Grounds.Following following = roles.follow(listener(roles));
    assertThat(roles.reload()).isFalse();
    assertThat(told).isEmpty();
    assertThat(allows(roles)).isTrue();

    Files.writeString(file, yaml("/other"));
    assertThat(roles.reload()).isTrue();
    assertThat(told).containsExactly("the roles were changed, allows: false");

    following.close();
    roles.replace(Roles.builder().build());
    assertThat(told).hasSize(1);
  }

  @Test
  void fileWithMistakesChangesNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("roles.yaml"), yaml("/metrics"));
    ReloadableRoles roles = ReloadableRoles.load(file);
    roles.follow(listener(roles));
    Files.writeString(file, yaml("metrics"));
    assertThatThrownBy(roles::reload)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("nonResourceURLs[0]: \"metrics\"");
    Files.delete(file);
    assertThatThrownBy(roles::reload).isInstanceOf(InvalidException.class);
    assertThat(told).isEmpty();
    assertThat(allows(roles)).isTrue();
  }

  @Test
  void withoutAFileThereIsNothingToReload() {
    ReloadableRoles roles = ReloadableRoles.of(Roles.builder().build());
    assertThatThrownBy(roles::reload).isInstanceOf(IllegalStateException.class);
    roles.replace(Roles.parse(yaml("/metrics"), "new"));
    assertThat(allows(roles)).isTrue();
  }

  private Grounds.Listener listener(ReloadableRoles roles) {
    return new Grounds.Listener() {
      @Override
      public void credentialRevoked(String credentialId, String reason) {
        throw new AssertionError(credentialId);
      }

      @Override
      public void userRevoked(String username, String reason) {
        throw new AssertionError(username);
      }

      @Override
      public void rulesChanged(String reason) {
        told.add(reason + ", allows: " + allows(roles));
      }
    };
  }

  private static boolean allows(ReloadableRoles roles) {
    return roles
            .authorize(
                AccessRequest.of(
                    Identity.user("jane"),
                    ClusterName.of("dev"),
                    RequestInfo.nonResource("get", "/metrics"),
                    Instant.EPOCH))
            .toCompletableFuture()
            .join()
        instanceof Decision.Allowed;
  }

  private static String yaml(String url) {
    return "roles: [{name: r, rules: [{clusters: ['*'], nonResourceURLs: ["
        + url
        + "], verbs: [get]}]}]\nbindings: [{role: r, users: [jane]}]";
  }
}
