package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.examples.program.Run;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubOptionsTest {

  private static final String PODS = "/clusters/dev/api/v1/namespaces/shop/pods";

  @TempDir Path directory;

  private HubRuns runs() {
    return new HubRuns(directory);
  }

  private FrontDoorUser user(Run hub, String token) throws Exception {
    return HubRuns.user(runs().ready(hub), token);
  }

  private String auditLog() {
    try {
      return Files.readString(directory.resolve("hub/audit.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsKeyAndWhatIsExpected() throws Exception {
    Path open = Samples.write(directory.resolve("open"), "secret-of-the-webhook");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Run hub =
        runs()
            .hub(
                "--listen", "8443",
                "--drain", "-1",
                "--roles", directory.resolve("nowhere.yaml").toString(),
                "--tokens", directory.resolve("nowhere.csv").toString(),
                "--tls-cert", "nowhere.pem",
                "--oidc-audience", "fairlead",
                "--local-accounts", "http://hub.example.com/",
                "--first-administrator", "somebody",
                "--administrator-groups", "system:authenticated,ops",
                "--audit-webhook", "http://elsewhere.example.com",
                "--audit-webhook-token", open.toString(),
                "--audit-otlp-ca", directory.resolve("nowhere.ca").toString(),
                "--audit-buffer", "0",
                "--audit-remote-buffer", "many",
                "--audit-interval", "0",
                "--client-ca", directory.resolve("nowhere.authorities").toString(),
                "--service-accounts", "dev=same,prod=same",
                "--kubeconfig-cluster", "dev=" + directory.resolve("nowhere.kubeconfig"),
                "--local", "dev=127.0.0.2:6443,dev=127.0.0.3:6443",
                "--nonsense", "x");
    assertThat(hub.exitCode()).isEqualTo(2);
    for (String option :
        List.of(
            "--listen",
            "--drain",
            "--roles",
            "--tokens",
            "--tls-cert",
            "--oidc-issuer",
            "--local-accounts",
            "--first-administrator",
            "--administrator-groups",
            "--audit-webhook:",
            "--audit-webhook-token",
            "--audit-otlp:",
            "--audit-otlp-ca",
            "--audit-buffer",
            "--audit-interval",
            "--client-ca",
            "--service-accounts",
            "--local",
            "--kubeconfig-cluster")) {
      assertThat(hub.errors().lines())
          .as("%s in\n%s", option, hub.errors())
          .anySatisfy(line -> assertThat(line).contains(option).contains("(expected: "));
    }
    assertThat(hub.errors())
        .contains("--audit-remote-buffer", "'many'", "--nonsense", "chmod 600")
        .doesNotContain("secret-of-the-webhook");
    assertThat(directory.resolve("hub")).doesNotExist();
  }

  @Test
  void localAddressThatOthersReachIsRefused() {
    for (String address : List.of("0.0.0.0:6443", "10.0.0.1:6443", "hub.example.com:1", "6443")) {
      Run hub = runs().hub("--local", "dev=" + address);
      assertThat(hub.exitCode()).as(address).isEqualTo(2);
      assertThat(hub.errors()).contains("--local", "(expected: ");
    }
    assertThat(directory.resolve("hub")).doesNotExist();
  }

  @Test
  void bufferOfTheFileAndOfWhatIsRemoteDoNotGoTogether() {
    Run hub = runs().hub("--audit-buffer", "10", "--audit-remote-buffer", "10");
    assertThat(hub.exitCode()).isEqualTo(2);
    assertThat(hub.errors()).contains("both (expected: one of them)", "without anything remote");
  }

  @Test
  void membersOfItsGroupsAndNamedUsersAdministerRolesAndKeys() throws Exception {
    try (Run hub = runs().hub("--administrator-groups", "payments")) {
      assertThat(user(hub, Samples.ALICES_TOKEN).get("/roles").statusCode()).isEqualTo(200);
      assertThat(user(hub, Samples.BOBS_TOKEN).get("/roles").statusCode()).isEqualTo(403);
      assertThat(user(hub, Samples.BOBS_TOKEN).get("/api-keys").statusCode()).isEqualTo(200);
      assertThat(
              user(hub, Samples.ALICES_TOKEN)
                  .post("/api-keys", "{\"service\": \"ci\", \"groups\": [\"payments\"]}")
                  .body())
          .contains("flk_", "service:ci");
    }
    try (Run hub = runs().hub("--administrator-users", "bob")) {
      assertThat(user(hub, Samples.ALICES_TOKEN).get("/roles").statusCode()).isEqualTo(403);
      assertThat(user(hub, Samples.BOBS_TOKEN).get("/roles").statusCode()).isEqualTo(200);
    }
    try (Run hub = runs().hub()) {
      assertThat(user(hub, Samples.ALICES_TOKEN).get("/roles").statusCode()).isEqualTo(404);
    }
    assertThat(auditLog()).contains("\"resource\":\"roles\"").doesNotContain("flk_");
  }

  @Test
  void withoutAFileRolesAreKeptInTheDataDirectory() throws Exception {
    Run refused = runs().hubWithoutRoles();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors()).contains("--roles: missing (expected: ");
    try (Run hub = runs().hubWithoutRoles("--administrator-users", "bob")) {
      FrontDoorUser bob = user(hub, Samples.BOBS_TOKEN);
      assertThat(bob.get("/roles").body()).contains("\"bindings\":[]");
      String tag = bob.get("/roles").headers().firstValue("etag").orElseThrow();
      String roles =
          """
          {"roles": [{"name": "dev", "rules": [{"clusters": ["dev"], "namespaces": ["*"],
            "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}],
           "bindings": [{"role": "dev", "groups": ["payments"]}]}
          """;
      assertThat(bob.put("/roles", roles, tag).statusCode()).isEqualTo(200);
    }
    try (Run hub = runs().hubWithoutRoles("--administrator-users", "bob")) {
      assertThat(user(hub, Samples.BOBS_TOKEN).get("/roles").body()).contains("payments");
    }
  }

  @Test
  void recordsGoToAWebhookAndACollectorAsWell() throws Exception {
    Path token = Samples.write(directory.resolve("token"), "s3cret\n");
    try (AuditReceiver webhook = new AuditReceiver();
        AuditReceiver collector = new AuditReceiver()) {
      try (Run hub =
          runs()
              .hub(
                  "--audit-webhook", webhook.url(),
                  "--audit-webhook-token", token.toString(),
                  "--audit-otlp", collector.url())) {
        assertThat(user(hub, Samples.BOBS_TOKEN).get(PODS).statusCode()).isEqualTo(403);
        hub.await(() -> webhook.has("application/json\nBearer s3cret\n", "\"bob\"", "EventList"));
        hub.await(() -> collector.has("application/x-protobuf\nnull\n", "\"bob\"", "fairlead-hub"));
      }
      assertThat(auditLog()).contains("\"bob\"").doesNotContain("s3cret");
    }
  }

  @Test
  void whatAReceiverRefusesIsNotDoneUnlessThereIsABuffer() throws Exception {
    try (AuditReceiver receiver = new AuditReceiver();
        DemoCluster cluster = DemoCluster.builder().build().start()) {
      Path kubeconfig = Samples.write(directory.resolve("kubeconfig"), cluster.kubeconfig());
      String direct = "dev=" + kubeconfig;
      try (Run hub =
          runs().hub("--kubeconfig-cluster", direct, "--audit-webhook", receiver.url())) {
        FrontDoorUser alice = user(hub, Samples.ALICES_TOKEN);
        hub.await(() -> status(alice, PODS) == 200);
        receiver.status = 403;
        assertThat(status(alice, PODS)).isGreaterThanOrEqualTo(500);
        receiver.status = 204;
      }
      receiver.status = 403;
      for (List<String> buffer :
          List.of(
              List.of("--audit-remote-buffer", "--audit-webhook"),
              List.of("--audit-buffer", "--audit-webhook"))) {
        receiver.status = 403;
        receiver.requests.clear();
        try (Run hub =
            runs()
                .hub(
                    "--kubeconfig-cluster",
                    direct,
                    buffer.get(1),
                    receiver.url(),
                    buffer.get(0),
                    "1000")) {
          FrontDoorUser alice = user(hub, Samples.ALICES_TOKEN);
          hub.await(() -> status(alice, PODS) == 200);
          receiver.status = 204;
          receiver.requests.clear();
          hub.await(() -> receiver.has("\"alice\"", "ResponseComplete"));
        }
      }
    }
  }

  @Test
  void commandsAreRecordedAndWhatLastsAtIntervalsAsTold() throws Exception {
    try (DemoCluster cluster = DemoCluster.builder().build().start()) {
      Path kubeconfig = Samples.write(directory.resolve("kubeconfig"), cluster.kubeconfig());
      String direct = "dev=" + kubeconfig;
      String exec = PODS + "/cart-0/exec?container=cart&command=cat&command=%2Fetc%2Fmotd";
      try (Run hub = runs().hub("--kubeconfig-cluster", direct)) {
        FrontDoorUser alice = user(hub, Samples.ALICES_TOKEN);
        hub.await(() -> status(alice, PODS) == 200);
        status(alice, exec);
        hub.await(() -> auditLog().contains("/exec"));
        assertThat(auditLog()).contains("MASKED").doesNotContain("motd");
      }
      try (Run hub =
          runs()
              .hub(
                  "--kubeconfig-cluster", direct,
                  "--audit-exec-commands", "",
                  "--audit-interval", "1")) {
        FrontDoorUser alice = user(hub, Samples.ALICES_TOKEN);
        hub.await(() -> status(alice, PODS) == 200);
        status(alice, exec);
        hub.await(() -> auditLog().contains("motd"));
        alice.follow(PODS + "?watch=true");
        hub.await(() -> auditLog().split("ResponseStarted", -1).length > 3);
      }
    }
  }

  private static int status(FrontDoorUser user, String path) {
    try {
      return user.get(path).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
