package dev.fairlead.client.fabric8;

import static dev.fairlead.client.fabric8.OneCluster.ALICE;
import static dev.fairlead.client.fabric8.OneCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lasts: exec, logs, port-forward; and what becomes of it. */
class StreamsTest {

  private static final long SECONDS = PATIENCE.toSeconds();

  private OneCluster one;
  private KubernetesClient alice;

  @BeforeEach
  void start() throws Exception {
    one = new OneCluster();
    alice = one.client(ALICE);
  }

  @AfterEach
  void stop() {
    alice.close();
    one.close();
  }

  private PodResource pod(KubernetesClient client) {
    return client.pods().inNamespace("shop").withName("cart-0");
  }

  private static Predicate<AuditEvent> over(String subresource) {
    return event ->
        event.stage() == Stage.RESPONSE_COMPLETE && event.info().subresource().equals(subresource);
  }

  private static int exitCode(ExecWatch exec) {
    return exec.exitCode().orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  @Test
  void commandsRunWithOutputErrorAndExitCode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ExecWatch exec = pod(alice).writingOutput(out).exec("echo", "hello")) {
      assertThat(exitCode(exec)).isZero();
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
    try (ExecWatch exec = pod(alice).redirectingOutput().exec("sh", "-c", "exit 7")) {
      assertThat(exitCode(exec)).isEqualTo(7);
    }
    assertThat(one.event(over("exec")).annotations())
        .containsEntry("fairlead.dev/upgrade", "websocket");
  }

  @Test
  void largeOutputArrivesWhole() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ExecWatch exec = pod(alice).writingOutput(out).exec("seq", "1", "400000")) {
      assertThat(exitCode(exec)).isZero();
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).hasSize(2_688_895).endsWith("\n400000\n");
  }

  @Test
  void inputIsEchoed() throws Exception {
    try (ExecWatch exec = pod(alice).redirectingInput().redirectingOutput().exec("cat")) {
      OutputStream input = exec.getInput();
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(exec.getOutput(), StandardCharsets.UTF_8));
      for (String line : List.of("first", "x".repeat(100_000), "last")) {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        assertThat(lines.readLine()).isEqualTo(line);
      }
    }
    one.event(over("exec"));
  }

  @Test
  void refusedCommandIsAStatus() {
    try (KubernetesClient bob = one.client(Identity.user("bob"))) {
      assertThatThrownBy(() -> pod(bob).redirectingOutput().exec("echo", "hello"))
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> {
                assertThat(refused.getCode()).isEqualTo(403);
                assertThat(refused.getMessage()).contains("pods/exec");
              });
    }
    assertThat(one.cluster.requests()).noneMatch(seen -> seen.path().endsWith("exec"));
  }

  @Test
  void logsAreReadAndFollowedUntilClosed() throws Exception {
    one.cluster.appendLog("shop", "cart-0", "a first line");
    assertThat(pod(alice).getLog()).contains("a first line\n");
    try (LogWatch following = pod(alice).tailingLines(1).watchLog()) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(following.getOutput(), StandardCharsets.UTF_8));
      assertThat(lines.readLine()).isEqualTo("a first line");
      one.cluster.appendLog("shop", "cart-0", "a second line");
      assertThat(lines.readLine()).isEqualTo("a second line");
      // The reader's: fabric8's watch itself leaves it open.
      lines.close();
    }
    AuditEvent end =
        one.event(over("log").and(event -> event.requestUri().contains("follow=true")));
    assertThat(end.annotations()).containsEntry("fairlead.dev/close-reason", "CANCEL");
  }

  @Test
  void portsAreForwarded() throws Exception {
    try (LocalPortForward forward = pod(alice).portForward(8080)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/"))
              .version(java.net.http.HttpClient.Version.HTTP_1_1)
              .timeout(PATIENCE)
              .build();
      assertThat(
              java.net.http.HttpClient.newHttpClient()
                  .send(request, BodyHandlers.ofString())
                  .body())
          .isEqualTo("Hello from cart-0:8080\n");
      assertThat(forward.getServerThrowables()).isEmpty();
    }
    one.event(over("portforward"));
  }

  @Test
  void closingTheClientEndsWhatIsUnderWay() throws Exception {
    ExecWatch exec = pod(alice).redirectingInput().redirectingOutput().exec("cat");
    LogWatch following = pod(alice).watchLog();
    alice.close();
    one.event(over("exec"));
    one.event(over("log"));
    exec.close();
    following.close();
    assertThatThrownBy(() -> alice.pods().inNamespace("shop").list())
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void removalOfTheClusterEndsWhatIsUnderWay() throws Exception {
    try (ExecWatch exec = pod(alice).redirectingInput().redirectingOutput().exec("cat")) {
      one.direct.remove(ClusterName.of("dev"));
      assertThat(exec.exitCode().handle((code, failure) -> true).get(SECONDS, TimeUnit.SECONDS))
          .isTrue();
    }
    assertThatThrownBy(() -> alice.pods().inNamespace("shop").list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(404));
  }

  @Test
  void clusterWithoutItsApiServerIsToldAtOnce() {
    one.cluster.close();
    await().atMost(PATIENCE).until(() -> one.hub.cluster("dev").status() == ClusterStatus.DEGRADED);
    assertThatThrownBy(() -> alice.pods().inNamespace("shop").list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(503);
              assertThat(refused.getStatus().getMessage()).contains("does not reach");
            });
  }

  @Test
  void nothingArrivesThatWasNotAskedFor() throws Exception {
    AtomicLong received = new AtomicLong();
    try (HttpClient http = Fabric8.http(one.hub.cluster("dev"), ALICE).newBuilder().build()) {
      CompletableFuture<HttpResponse<AsyncBody>> asked =
          http.consumeBytes(
              http.newHttpRequestBuilder()
                  .uri("https://dev/api/v1/namespaces/shop/pods/cart-0/log?follow=true")
                  .build(),
              (List<ByteBuffer> chunks, AsyncBody body) ->
                  received.addAndGet(chunks.stream().mapToInt(ByteBuffer::remaining).sum()));
      AsyncBody body = asked.get(SECONDS, TimeUnit.SECONDS).body();
      one.cluster.appendLog("shop", "cart-0", "a line");
      assertThat(received).hasValue(0);
      body.consume();
      await().atMost(PATIENCE).until(() -> received.get() > 0);
      body.cancel();
      assertThat(body.done()).isCancelled();
    }
    assertThat(one.event(over("log")).annotations())
        .containsEntry("fairlead.dev/close-reason", "CANCEL");
  }

  @Test
  void closedHubIsAnError() {
    one.direct.close();
    one.hub.close();
    assertThatThrownBy(() -> alice.pods().inNamespace("shop").list())
        .isInstanceOf(KubernetesClientException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pod(alice).redirectingOutput().exec("echo"))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void bodiesOfUnknownLengthAreStreamed() throws IOException {
    byte[] json =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"streamed\"}}"
            .getBytes(StandardCharsets.UTF_8);
    try (HttpClient http = Fabric8.http(one.hub.cluster("dev"), ALICE).newBuilder().build()) {
      HttpResponse<String> created =
          http.sendAsync(
                  http.newHttpRequestBuilder()
                      .uri("https://dev/api/v1/namespaces/shop/configmaps")
                      .method(
                          "POST", "application/json", new java.io.ByteArrayInputStream(json), -1)
                      .build(),
                  String.class)
              .orTimeout(SECONDS, TimeUnit.SECONDS)
              .join();
      assertThat(created.code()).isEqualTo(201);
    }
  }
}
