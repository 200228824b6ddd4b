package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What Kubernetes itself takes, taken by the hub: client certificates, and tokens of service
 * accounts that the real API server reviews.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class KubernetesIdentitiesIT {

  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final String NAMESPACE = "robots";
  private static final String ROBOT = "real:system:serviceaccount:robots:robot";
  private static final String ROLES =
      """
      roles:
        - name: everything
          rules:
            - clusters: ["*"]
              namespaces: ["*"]
              apiGroups: ["*"]
              resources: ["*"]
              verbs: ["*"]
        - name: reviewer
          rules:
            - clusters: [real]
              namespaces: ["*"]
              apiGroups: [authentication.k8s.io]
              resources: [tokenreviews]
              verbs: [create]
      bindings:
        - role: reviewer
          users: ["fairlead:token-review"]
        - role: everything
          users: ["%s"]
          groups: ["cert:admins"]
      """
          .formatted(ROBOT);
  private static final String EXTENSIONS =
      """
      [req]
      distinguished_name = name
      [name]
      [authority]
      basicConstraints = critical, CA:TRUE
      keyUsage = critical, keyCertSign
      [person]
      basicConstraints = critical, CA:FALSE
      extendedKeyUsage = clientAuth
      """;

  private ControlPlane plane;
  private Path directory;
  private Site site;

  @BeforeAll
  void start(ControlPlane shared) {
    plane = shared;
    directory = Places.directory("identities");
    authority("ca");
    authority("other-ca");
    Kubectl admin = plane.admin();
    admin.run("create", "namespace", NAMESPACE).succeeded();
    admin.run("create", "serviceaccount", "robot", "--namespace", NAMESPACE).succeeded();
    bind("token-review", "system:auth-delegator", "--user=fairlead:token-review");
    bind("robot", "view", "--user=" + ROBOT);
    bind("certified", "cluster-admin", "--group=cert:admins");
    site =
        Site.start(
            "identities-site",
            ROLES,
            Map.of("real", plane),
            "--client-ca",
            directory.resolve("ca.pem").toString(),
            "--client-prefix",
            "cert:",
            "--service-accounts",
            "real=fairlead-real");
  }

  private void bind(String name, String role, String whom) {
    plane
        .admin()
        .run("create", "clusterrolebinding", "identities-" + name, "--clusterrole=" + role, whom)
        .succeeded();
  }

  @AfterAll
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  private void authority(String name) {
    certificate(name, "/CN=" + name, "authority", List.of());
  }

  private void certificate(String name, String subject, String kind, List<String> issuer) {
    Path settings = Places.write(directory.resolve("openssl.cnf"), EXTENSIONS);
    Command.of(
            Path.of("/usr/bin/openssl"), "req", "-config", settings.toString(), "-x509", "-nodes")
        .with("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2")
        .with("-subj", subject, "-extensions", kind)
        .with("-keyout", directory.resolve(name + ".key").toString())
        .with("-out", directory.resolve(name + ".pem").toString())
        .with(issuer.toArray(String[]::new))
        .run(DEADLINE)
        .succeeded();
  }

  private List<String> by(String authority) {
    return List.of(
        "-CA",
        directory.resolve(authority + ".pem").toString(),
        "-CAkey",
        directory.resolve(authority + ".key").toString());
  }

  /** A kubectl through the hub that has no credential of its own. */
  private Kubectl kubectl(String... flags) {
    Path file = directory.resolve("kubeconfig-" + System.nanoTime());
    String server = "https://" + site.hub().users() + "/clusters/real";
    Places.write(file, "apiVersion: v1\nkind: Config\n");
    Kubectl plain = new Kubectl(Tools.newestKubectl(), file, directory, List.of());
    return plain
        .with("--server", server, "--certificate-authority", site.hub().ca().toString())
        .with(flags);
  }

  private Kubectl certified(String name) {
    return kubectl(
        "--client-certificate",
        directory.resolve(name + ".pem").toString(),
        "--client-key",
        directory.resolve(name + ".key").toString());
  }

  private String token(String audience) {
    return plane
        .admin()
        .run("create", "token", "robot", "--namespace", NAMESPACE, "--audience", audience)
        .succeeded()
        .stdout()
        .strip();
  }

  @Test
  void certificateOfTheAuthorityNamesUserAndGroups() {
    certificate("erin", "/O=admins/CN=erin", "person", by("ca"));
    Outcome whoami = certified("erin").run("auth", "whoami", "--output", "json").succeeded();
    assertThat(whoami.stdout()).contains("\"cert:erin\"", "\"cert:admins\"");
    certified("erin").run("get", "configmaps", "--namespace", NAMESPACE).succeeded();
  }

  @Test
  void certificateOfAnotherAuthorityDoesNotComeIn() {
    certificate("mallory", "/O=admins/CN=mallory", "person", by("other-ca"));
    certified("mallory").run("get", "configmaps", "--namespace", NAMESPACE).failed();
  }

  @Test
  void tokenOfAServiceAccountIsReviewedByItsCluster() {
    Kubectl robot = kubectl("--token", token("fairlead-real"));
    Awaitility.await("the right to review")
        .atMost(DEADLINE)
        .until(() -> robot.run("auth", "whoami").exitCode() == 0);
    assertThat(robot.run("auth", "whoami", "--output", "json").succeeded().stdout())
        .contains('"' + ROBOT + '"', "\"real:system:serviceaccounts:robots\"")
        .doesNotContain("\"system:serviceaccount");
    robot.run("get", "configmaps", "--namespace", NAMESPACE).succeeded();
    assertThat(robot.run("create", "configmap", "c", "--namespace", NAMESPACE).failed().stderr())
        .as("the cluster's own refusal")
        .contains("User \"" + ROBOT + "\" cannot create");
  }

  @Test
  void tokenForTheClusterItselfIsNoneForTheHub() {
    Kubectl robot = kubectl("--token", token("https://kubernetes.default.svc.cluster.local"));
    assertThat(robot.run("get", "configmaps", "--namespace", NAMESPACE).failed().stderr())
        .containsAnyOf("Unauthorized", "logged in");
  }
}
