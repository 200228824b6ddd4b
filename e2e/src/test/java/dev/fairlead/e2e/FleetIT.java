package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two clusters, two users with different roles, twenty kubectls at once. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class FleetIT {

  private static final int AT_ONCE = 20;
  private static final int ROUNDS = 3;

  /** Alice works on the north cluster, Bob on the south one; their rights there are the same. */
  private static final String ROLES =
      """
      roles:
        - name: north
          rules:
            - clusters: [north]
              namespaces: ["*"]
              apiGroups: [""]
              resources: [configmaps]
              verbs: ["*"]
        - name: south
          rules:
            - clusters: [south]
              namespaces: ["*"]
              apiGroups: [""]
              resources: [configmaps]
              verbs: [get, list]
      bindings:
        - role: north
          users: [alice]
        - role: south
          users: [bob]
      """;

  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
  private final Map<String, Integer> localPorts = new LinkedHashMap<>();
  private ControlPlane south;
  private Site site;

  @BeforeAll
  void start(ControlPlane north) {
    south = ControlPlane.up(Places.directory("control-plane-south"));
    south.bindUsers();
    Map<String, ControlPlane> clusters = new LinkedHashMap<>();
    clusters.put("north", north);
    clusters.put("south", south);
    clusters.forEach(FleetIT::fill);
    clusters.keySet().forEach(cluster -> localPorts.put(cluster, DaemonProcess.freePort()));
    site =
        Site.start(
            "fleet",
            ROLES,
            clusters,
            "--local",
            "north=127.0.0.2:%d,south=127.0.0.3:%d"
                .formatted(localPorts.get("north"), localPorts.get("south")));
  }

  private static void fill(String cluster, ControlPlane plane) {
    plane.admin().run("create", "namespace", "fleet").succeeded();
    plane
        .admin()
        .run(
            "create",
            "configmap",
            "only",
            "--namespace=fleet",
            "--from-literal=where=this-is-the-" + cluster)
        .succeeded();
  }

  @AfterAll
  void stop() {
    threads.shutdownNow();
    try {
      site.close();
    } finally {
      south.close();
    }
  }

  @Test
  void nobodySeesTheOthersDataWhileAllWorkAtOnce() throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < AT_ONCE / 4; i++) {
      work.add(() -> sees(User.ALICE, "north", "south"));
      work.add(() -> sees(User.BOB, "south", "north"));
      work.add(() -> isRefused(User.ALICE, "south"));
      work.add(() -> isRefused(User.BOB, "north"));
    }
    assertThat(work).hasSize(AT_ONCE);
    for (Future<Void> done : threads.invokeAll(work)) {
      Futures.get(done);
    }
  }

  @Test
  void eachClusterIsAtALocalAddressOfItsOwn() {
    assertThat(getLocally(User.ALICE, "north", "127.0.0.2").succeeded().stdout())
        .contains("this-is-the-north");
    assertThat(getLocally(User.BOB, "south", "127.0.0.3").succeeded().stdout())
        .contains("this-is-the-south");
    assertThat(getLocally(User.ALICE, "south", "127.0.0.3").failed().stderr())
        .contains("Forbidden");
    assertThat(getLocally(User.DAVE, "north", "127.0.0.2").failed().stderr()).contains("Forbidden");
  }

  private Outcome getLocally(User user, String cluster, String address) {
    String local = "https://%s:%d".formatted(address, localPorts.get(cluster));
    String there = "https://" + site.hub().users() + "/clusters/" + cluster;
    Path kubeconfig =
        Places.write(
            site.directory().resolve(user.username() + "-" + address + ".kubeconfig"),
            Places.read(site.kubeconfig(user, cluster)).replace(there, local));
    return new Kubectl(Tools.newestKubectl(), kubeconfig, site.directory(), List.of())
        .run("get", "configmap", "only", "--namespace=fleet", "--output=yaml");
  }

  private Void sees(User user, String cluster, String other) {
    for (int i = 0; i < ROUNDS; i++) {
      Outcome found = get(user, cluster).succeeded();
      assertThat(found.stdout())
          .contains("this-is-the-" + cluster)
          .doesNotContain("this-is-the-" + other);
    }
    return null;
  }

  private Void isRefused(User user, String cluster) {
    for (int i = 0; i < ROUNDS; i++) {
      Outcome found = get(user, cluster).failed();
      // Already at discovery, of whose refusal kubectl shows the code alone.
      assertThat(found.stderr()).contains("Forbidden");
      assertThat(found.stdout()).doesNotContain("this-is-the");
    }
    return null;
  }

  private Outcome get(User user, String cluster) {
    return site.kubectl(Tools.newestKubectl(), user, cluster)
        .run("get", "configmaps", "--namespace=fleet", "--output=yaml");
  }
}
