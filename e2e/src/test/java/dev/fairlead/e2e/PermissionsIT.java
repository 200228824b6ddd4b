package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who one is for the cluster, and who says no: the cluster itself, or the hub before it. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class PermissionsIT {

  private final Path kubectl = Tools.newestKubectl();
  private ControlPlane plane;
  private Site site;

  @BeforeAll
  void start(ControlPlane shared) {
    plane = shared;
    site = Site.start("permissions", Site.ROLES, Map.of("real", plane));
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private Kubectl as(User user) {
    return site.kubectl(kubectl, user, "real");
  }

  private Kubectl directlyAs(User user) {
    return new Kubectl(
        kubectl, plane.adminKubeconfig(), site.directory(), List.of(user.impersonation()));
  }

  @Test
  void clusterSeesTheUsersOwnNameUidAndGroups() {
    Outcome found = as(User.ALICE).run("auth", "whoami", "--output", "json").succeeded();
    assertThat(found.stdout())
        .contains("\"username\": \"alice\"")
        .contains("\"uid\": \"uid-of-alice\"")
        .containsPattern(
            "\"groups\": \\[\\s*\"dev\",\\s*\"admins\",\\s*\"system:authenticated\"\\s*]");
  }

  @Test
  void userWithoutRightsInTheClusterGetsTheClustersOwnRefusal() {
    String[] command = {"get", "configmaps", "--namespace", "carol-asked-for-this"};
    Outcome direct = directlyAs(User.CAROL).run(command).failed();
    Outcome found = as(User.CAROL).run(command).failed();
    assertThat(found.stderr()).isEqualTo(direct.stderr()).contains("User \"carol\" cannot list");
    assertThat(auditLogAbout("carol-asked-for-this")).isNotEmpty();
  }

  @Test
  void userWithoutARoleGetsTheHubsRefusalAndTheClusterSeesNothing() {
    // The same in the cluster's own terms would be allowed, so it is the hub that refuses.
    String[] command = {"get", "configmaps", "--namespace", "dave-asked-for-this"};
    directlyAs(User.DAVE).run(command).succeeded();
    List<String> before = auditLogAbout("dave-asked-for-this");
    assertThat(before).isNotEmpty();

    Outcome found = as(User.DAVE).run(command).failed();

    assertThat(found.stderr()).contains("Forbidden").contains("dave").contains("on cluster real");
    assertThat(auditLogAbout("dave-asked-for-this")).isEqualTo(before);
  }

  @Test
  void readerMayReadAndIsRefusedToWriteByTheHub() {
    as(User.BOB).run("get", "configmaps", "--namespace", "default").succeeded();
    Outcome found =
        as(User.BOB).run("create", "configmap", "bobs-own", "--namespace", "default").failed();
    assertThat(found.stderr()).contains("bob").contains("on cluster real");
    assertThat(auditLogAbout("bobs-own")).isEmpty();
  }

  @Test
  void readerMayNotRunCommandsOverEitherProtocol() {
    for (Path binary : List.of(Tools.oldestKubectl(), Tools.newestKubectl())) {
      String pod = "pod-bob-wants-with-" + Kubectl.nameOf(binary).replace('.', '-');
      plane
          .admin()
          .run("run", pod, "--image=example.com/bob:1", "--namespace", "default")
          .succeeded();
      Outcome found =
          site.kubectl(binary, User.BOB, "real")
              .run("exec", pod, "--namespace", "default", "--", "true")
              .failed();
      assertThat(found.stderr()).contains("bob").contains("pods/exec");
      assertThat(auditLogAbout(pod + "/exec")).isEmpty();
    }
  }

  @Test
  void unknownTokenIsRefusedBeforeAnythingElse() {
    Outcome found =
        as(User.ALICE)
            .run("--token", "made-up", "get", "configmaps", "--namespace", "nobody-asked-for-this");
    assertThat(found.failed().stderr()).contains("Unauthorized");
    assertThat(auditLogAbout("nobody-asked-for-this")).isEmpty();
  }

  @Test
  void userCannotActAsSomebodyElse() {
    Outcome found =
        as(User.BOB).run("--as", "alice", "get", "configmaps", "--namespace", "bob-as-alice");
    assertThat(found.failed().stderr()).contains("Forbidden");
    assertThat(auditLogAbout("bob-as-alice")).isEmpty();
  }

  private List<String> auditLogAbout(String text) {
    return plane.auditLog().stream().filter(line -> line.contains(text)).toList();
  }
}
