package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.testkit.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

  private final SystemTime time = new SystemTime();
  private final TestHub hub = new TestHub(time);
  @TempDir Path directory;
  private TestApiServer api;

  @BeforeEach
  void start() throws Exception {
    api = new TestApiServer();
  }

  @AfterEach
  void stop() {
    hub.close();
    api.close();
    time.close();
  }

  private String kubeconfig(String user) {
    return """
        apiVersion: v1
        kind: Config
        current-context: dev
        contexts:
        - {name: dev, context: {cluster: dev, user: me}}
        - {name: lost, context: {cluster: nowhere, user: me}}
        clusters:
        - name: dev
          cluster:
            server: https://127.0.0.1:%d
            certificate-authority-data: %s
        users:
        - name: me
          user: %s
        """
        .formatted(
            api.port(),
            Base64.getEncoder()
                .encodeToString(
                    api.authorityPem().getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            user);
  }

  private String tokenThatArrives(ApiServer server) throws Exception {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(server)
            .drainFor(Duration.ZERO)
            .build();
    try (agent) {
      agent.start();
      hub.tunnel().get("/api/v1/pods");
      TestApiServer.Seen seen = api.request();
      seen.answer("200", "");
      return String.valueOf(seen.head().get("authorization"));
    }
  }

  @Test
  void inlineTokenAndAuthorityAreUsed() throws Exception {
    ApiServer server = ApiServer.kubeconfig(kubeconfig("{token: inline}"), null);
    assertThat(tokenThatArrives(server)).isEqualTo("Bearer inline");
    assertThat(server.toString()).doesNotContain("inline");
  }

  @Test
  void tokenFileIsReadAndWinsOverTheToken() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "from-file\n");
    String user = "{token: inline, tokenFile: " + token + "}";
    assertThat(tokenThatArrives(ApiServer.kubeconfig(kubeconfig(user), "dev")))
        .isEqualTo("Bearer from-file");
  }

  @Test
  void execPluginIsRun() throws Exception {
    Path plugin =
        Files.writeString(
            directory.resolve("plugin"),
            """
            #!/bin/sh
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
            echo '"status":{"token":"from-plugin"}}'
            """);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    String user =
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: "
            + plugin
            + ", interactiveMode: Never}}";
    assertThat(tokenThatArrives(ApiServer.kubeconfig(kubeconfig(user), null)))
        .isEqualTo("Bearer from-plugin");
  }

  @Test
  void filesAreMergedAndRelativePathsAreRelativeToTheirFile() throws Exception {
    Files.createDirectory(directory.resolve("b"));
    Path first =
        Files.writeString(
            directory.resolve("first"), "apiVersion: v1\nkind: Config\ncurrent-context: dev\n");
    Files.writeString(directory.resolve("b/ca.pem"), api.authorityPem());
    Path second =
        Files.writeString(
            directory.resolve("b/second"),
            kubeconfig("{token: merged}")
                .replaceAll("certificate-authority-data: .*", "certificate-authority: ca.pem"));
    assertThat(
            tokenThatArrives(
                ApiServer.kubeconfig(List.of(directory.resolve("absent"), first, second), null)))
        .isEqualTo("Bearer merged");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          other | {token: secret-1}                                  | no context other (expected: one of [dev, lost])
          lost  | {token: secret-1}                                  | names the cluster nowhere
          dev   | {username: admin, password: secret-1}              | password
          dev   | {as: admin, token: secret-1}                       | impersonates
          dev   | {tokenFile: /does/not/exist}                       | /does/not/exist cannot be read
          dev   | {client-key-data: c2VjcmV0LTE=}                    | one of client-certificate and client-key
          dev   | {client-key-data: '!secret-1', client-certificate-data: YQ==} | cannot be used
          dev   | [secret-1                                          | no kubeconfig
          dev   | {exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/false}} | gave no credentials
          """)
  void whatCannotBeUsedIsSaidInASentenceWithoutSecrets(
      String context, String user, String sentence) {
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(ApiServer.kubeconfig(kubeconfig(user), context))
            .build();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    assertThatThrownBy(
            () -> {
              try {
                agent.start();
              } catch (RuntimeException e) {
                thrown.set(e);
                throw e;
              }
            })
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining(sentence);
    java.io.StringWriter trace = new java.io.StringWriter();
    thrown.get().printStackTrace(new java.io.PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("secret-1");
  }

  @Test
  void plainHttpIsRefused() {
    assertThatThrownBy(
            () ->
                ApiServer.at(
                    java.net.URI.create("http://127.0.0.1:8080"), TestAuthority.create().trust()))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("https://");
  }
}
