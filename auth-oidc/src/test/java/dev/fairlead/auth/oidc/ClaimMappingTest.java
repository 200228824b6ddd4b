package dev.fairlead.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimMappingTest {

  @Test
  void everyPartComesFromItsClaimWithItsPrefix() {
    try (Fixture fixture =
        new Fixture(
            issuer ->
                issuer
                    .username(Claim.of("preferred_username").prefixedBy("corp:"))
                    .groups(Claim.of("/realm_access/roles").prefixedBy("kc:"))
                    .uid(Claim.of("sub"))
                    .extra("example.com/unit", Claim.of("https://example.com/unit"))
                    .extra("example.com/none", Claim.of("none")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("preferred_username", "jane");
      claims.put("realm_access", Map.of("roles", List.of("dev", "ops")));
      claims.put("https://example.com/unit", "blue");
      assertThat(fixture.good(claims).identity())
          .isEqualTo(
              new Identity(
                  "corp:jane",
                  "alice",
                  List.of("kc:dev", "kc:ops"),
                  Map.of("example.com/unit", List.of("blue"))));
    }
  }

  @Test
  void pointerNamesWithSlashAndTildeAreReached() {
    assertThat(ClaimPath.of("/a~1b/~0c").in(Map.of("a/b", Map.of("~c", "found"))))
        .isEqualTo("found");
    assertThat(ClaimPath.of("a.b").in(Map.of("a.b", "found"))).isEqualTo("found");
    assertThat(ClaimPath.of("/a/b").in(Map.of("a", "text"))).isNull();
  }

  @Test
  void oneGroupMayBeAText() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", "dev");
      assertThat(fixture.good(claims).identity().groups()).containsExactly("dev");
    }
  }

  @Test
  void userNameOfAnotherFormIsRefusedAndGroupsAreLeftOut() {
    try (Fixture fixture =
        new Fixture(
            issuer ->
                issuer
                    .username(Claim.of("sub").matching("[a-z]+"))
                    .groups(Claim.of("groups").matching("team-.*")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", List.of("team-a", "my-team-b", "offline_access"));
      assertThat(fixture.good(claims).identity().groups()).containsExactly("team-a");
      claims.put("sub", "alice\nroot");
      assertThat(fixture.refused(claims)).contains("username");
      claims.put("sub", "Alice");
      assertThat(fixture.refused(claims)).contains("username");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\r\nImpersonate-Group: system:masters", " alice", "\u0000"})
  void userNameThatIsNoneIsRefused(String name) {
    try (Fixture fixture = new Fixture()) {
      Map<String, Object> claims = fixture.claims();
      claims.put("sub", name);
      assertThat(fixture.refused(claims)).contains("username");
    }
  }

  @Test
  void userNameThatIsNoTextOfUnicodeIsRefused() {
    try (Fixture fixture = new Fixture()) {
      String claims = JSONObjectUtils.toJSONString(fixture.claims()).replace("alice", "\\ud800");
      assertThat(fixture.refused(Fixture.RSA.sign(Fixture.RSA.header(), claims)))
          .contains("username");
    }
  }

  @Test
  void missingUserNameIsRefused() {
    try (Fixture fixture = new Fixture()) {
      Map<String, Object> claims = fixture.claims();
      claims.remove("sub");
      assertThat(fixture.refused(claims)).contains("username");
      claims.put("sub", List.of("alice"));
      assertThat(fixture.refused(claims)).contains("username");
    }
  }

  @Test
  void namesThatKubernetesKeepsForItselfAreRefused() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", List.of("dev", "system:masters"));
      assertThat(fixture.refused(claims)).contains("system:");
      claims.remove("groups");
      claims.put("sub", "system:serviceaccount:kube-system:root");
      assertThat(fixture.refused(claims)).contains("system:");
    }
  }

  @Test
  void behindAPrefixTheyAreOrdinaryNames() {
    try (Fixture fixture =
        new Fixture(issuer -> issuer.groups(Claim.of("groups").prefixedBy("corp:")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", List.of("system:masters"));
      assertThat(fixture.good(claims).identity().groups()).containsExactly("corp:system:masters");
    }
  }

  @Test
  void groupWithALineBreakIsRefused() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", List.of("dev\r\nImpersonate-User: root"));
      assertThat(fixture.refused(claims)).contains("group");
    }
  }

  @Test
  void fiveHundredGroupsComeThroughAndMoreThanAnIdentityHoldsAreRefused() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", numbered(500));
      assertThat(fixture.good(claims).identity().groups()).hasSize(500);
      claims.put("groups", numbered(1_001));
      assertThat(fixture.refused(claims)).contains("1001");
    }
  }

  @Test
  void groupsThatAreNoTextsAreRefused() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("groups", List.of("dev", 7));
      assertThat(fixture.refused(claims)).contains("groups");
      claims.put("groups", Map.of("dev", true));
      assertThat(fixture.refused(claims)).contains("groups");
    }
  }

  /** Else a user with many groups would come in without those that a rule denies. */
  @Test
  void groupsThatAreElsewhereAreRefused() {
    try (Fixture fixture = new Fixture(issuer -> issuer.groups(Claim.of("groups")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("_claim_names", Map.of("groups", "src1"));
      assertThat(fixture.refused(claims)).contains("elsewhere");
    }
  }

  @Test
  void eMailHasToBeVerified() {
    try (Fixture fixture = new Fixture(issuer -> issuer.username(Claim.of("email")))) {
      Map<String, Object> claims = fixture.claims();
      claims.put("email", "alice@example.com");
      assertThat(fixture.good(claims).identity().username()).isEqualTo("alice@example.com");
      claims.put("email_verified", true);
      assertThat(fixture.good(claims).identity().username()).isEqualTo("alice@example.com");
      for (Object not : new Object[] {false, "true", 1}) {
        claims.put("email_verified", not);
        assertThat(fixture.refused(claims)).contains("email_verified");
      }
    }
  }

  private static List<String> numbered(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "g" + i).toList());
  }
}
