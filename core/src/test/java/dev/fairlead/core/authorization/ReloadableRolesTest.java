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
import dev.fairlead.api.store.RoleStore.StoredRoles;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;
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

  @Test
  void rolesOfAStoreAreReadWhenItIsOpenAndFollowedFromThen() {
    Stores stores = MemoryStores.create();
    ReloadableRoles roles = ReloadableRoles.in(stores.roles());
    roles.follow(listener(roles));
    assertThat(allows(roles)).isFalse();
    stores.open();
    put(stores, yaml("/metrics"));
    assertThat(allows(roles)).isFalse();
    roles.open();
    roles.open();
    assertThat(allows(roles)).isTrue();
    assertThat(told).isEmpty();

    put(stores, yaml("/other"));
    assertThat(told).containsExactly("the roles were changed, allows: false");
    put(stores, yaml("/metrics"));
    put(stores, "roles: nonsense");
    assertThat(told).hasSize(2);
    assertThat(allows(roles)).isTrue();
    assertThat(roles.change(roles.current(), Roles.builder().build())).isFalse();
    put(stores, "");
    assertThat(allows(roles)).isFalse();

    roles.close();
    put(stores, yaml("/metrics"));
    assertThat(allows(roles)).isFalse();
  }

  @Test
  void changeIsInTheStoreAndNotMadeOverAnotherOne() {
    Stores stores = MemoryStores.create();
    stores.open();
    ReloadableRoles roles = ReloadableRoles.in(stores.roles());
    Roles wanted = Roles.parse(yaml("/metrics"), "new");
    assertThat(roles.change(roles.current(), wanted)).isFalse();
    roles.open();
    roles.follow(listener(roles));
    Roles before = roles.current();
    assertThat(roles.change(before, wanted)).isTrue();
    assertThat(told).containsExactly("the roles were changed, allows: true");
    assertThat(roles.change(before, before)).isFalse();
    ReloadableRoles another = ReloadableRoles.in(stores.roles());
    another.open();
    assertThat(another.current().toMap()).isEqualTo(wanted.toMap());
  }

  @Test
  void mistakesInAStoreKeepItFromBeingOpened() {
    Stores stores = MemoryStores.create();
    stores.open();
    put(stores, yaml("metrics"));
    ReloadableRoles roles = ReloadableRoles.in(stores.roles());
    assertThatThrownBy(roles::open)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("nonResourceURLs[0]: \"metrics\"");
    assertThat(allows(roles)).isFalse();
  }

  private static void put(Stores stores, String text) {
    assertThat(stores.roles().replace(stores.roles().get(), new StoredRoles(text))).isTrue();
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
