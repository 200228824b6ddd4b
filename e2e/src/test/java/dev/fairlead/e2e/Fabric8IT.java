package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/** Fabric8's client through hub and agent in one JVM, over the in-memory transport. */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class Fabric8IT {

  private static final int SECONDS = 30;
  private static final int BYTES = 20 << 20;

  /** The client itself stalls on more input, also directly at an API server. */
  private static final int INPUT_BYTES = 5 << 20;

  private final Compatibility page = Compatibility.section("fabric8");

  @RegisterExtension
  final TestWatcher results =
      new TestWatcher() {
        @Override
        public void testSuccessful(ExtensionContext context) {
          page.works(context.getRequiredTestMethod().getName(), way());
        }

        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
          page.fails(context.getRequiredTestMethod().getName(), way());
        }
      };

  private ControlPlane plane;
  private OneJvm jvm;
  private KubernetesClient client;
  private EchoServer echo;

  /** The namespace of the test, which is not shared. */
  String namespace() {
    return "fabric8";
  }

  /** How the client reaches the hub, as the page on compatibility shows it. */
  String way() {
    return "JDK back end";
  }

  /** The client that is tested, as Alice. */
  KubernetesClient client(OneJvm site) {
    return site.client(namespace(), new JdkHttpClientFactory());
  }

  @BeforeAll
  void start(ControlPlane shared) throws InterruptedException {
    plane = shared;
    jvm = OneJvm.start(plane);
    client = client(jvm);
    echo = EchoServer.on(plane.forwardedPort());
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace()).endMetadata().build())
        .create();
    client
        .serviceAccounts()
        .withName("default")
        .waitUntilCondition(account -> account != null, SECONDS, TimeUnit.SECONDS);
    client.load(file("pod.yaml")).create();
    pod().waitUntilReady(SECONDS, TimeUnit.SECONDS);
  }

  @AfterAll
  void stop() {
    client.close();
    echo.close();
    jvm.close();
    page.check();
  }

  private static InputStream file(String manifest) {
    try {
      return Files.newInputStream(Path.of(Lane.manifest(manifest)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private PodResource pod() {
    return client.pods().withName("solo");
  }

  private ConfigMap create(String name) {
    return client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("of", name)
                .endMetadata()
                .withData(Map.of("colour", "blue"))
                .build())
        .create();
  }

  @Test
  void versionAndResourcesAreThoseOfTheServer() {
    assertThat(client.getKubernetesVersion().getGitVersion()).startsWith("v1.33.");
    assertThat(jvm.hub().cluster("real").kubernetesVersion())
        .contains(client.getKubernetesVersion().getGitVersion());
    assertThat(client.getApiGroups().getGroups()).extracting("name").contains("apps", "batch");
    assertThat(client.getApiResources("apps/v1").getResources())
        .extracting("name")
        .contains("deployments", "deployments/scale");
  }

  @Test
  void clusterSeesTheUser() {
    SelfSubjectReview review =
        client
            .resource(new SelfSubjectReviewBuilder().withNewMetadata().endMetadata().build())
            .create();
    assertThat(review.getStatus().getUserInfo().getUsername()).isEqualTo("alice");
    assertThat(review.getStatus().getUserInfo().getUid()).isEqualTo("uid-of-alice");
    assertThat(review.getStatus().getUserInfo().getGroups())
        .containsExactly("dev", "admins", "system:authenticated");
    var access =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb("create")
            .withResource("pods")
            .endResourceAttributes()
            .endSpec()
            .build();
    assertThat(
            client
                .authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(access)
                .getStatus()
                .getAllowed())
        .isTrue();
  }

  @Test
  void objectsAreCreatedReadListedAndDeleted() {
    ConfigMap created = create("crud");
    assertThat(client.configMaps().withName("crud").get()).isEqualTo(created);
    assertThat(client.configMaps().inAnyNamespace().withLabel("of", "crud").list().getItems())
        .containsExactly(created);
    assertThat(client.pods().inAnyNamespace().list().getItems()).isNotEmpty();
    assertThatThrownBy(() -> create("crud"))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(client.configMaps().withName("crud").delete()).hasSize(1);
    assertThat(client.configMaps().withName("crud").get()).isNull();
  }

  @Test
  void objectsAreAppliedAndPatchedInEveryWay() {
    ConfigMap applied =
        client.configMaps().load(file("settings.yaml")).forceConflicts().serverSideApply();
    assertThat(applied.getData()).containsEntry("greeting", "Grüße, 世界");
    var settings = client.configMaps().withName("settings");
    ConfigMap labelled =
        settings.edit(
            m ->
                new ConfigMapBuilder(m).editMetadata().addToLabels("a", "b").endMetadata().build());
    assertThat(labelled.getMetadata().getLabels()).containsEntry("a", "b");
    assertThat(
            settings
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"merged\":\"1\"}}")
                .getData())
        .containsEntry("merged", "1");
    assertThat(
            settings
                .patch(
                    PatchContext.of(PatchType.JSON),
                    "[{\"op\":\"replace\",\"path\":\"/data/colour\",\"value\":\"green\"}]")
                .getData())
        .containsEntry("colour", "green");
    assertThat(
            settings
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"merged\":null}}")
                .getData())
        .doesNotContainKey("merged");
  }

  @Test
  void deploymentIsRolledOutScaledAndDeleted() {
    client.load(file("deployment.yaml")).create();
    var web = client.apps().deployments().withName("web");
    web.waitUntilReady(SECONDS, TimeUnit.SECONDS);
    web.scale(3);
    Deployment scaled =
        web.waitUntilCondition(
            d -> Integer.valueOf(3).equals(d.getStatus().getReadyReplicas()),
            SECONDS,
            TimeUnit.SECONDS);
    assertThat(scaled.getSpec().getReplicas()).isEqualTo(3);
    client.load(file("deployment.yaml")).delete();
    web.waitUntilCondition(d -> d == null, SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void watchTellsOfEachChange() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Watcher<ConfigMap> watcher =
        new Watcher<>() {
          @Override
          public void eventReceived(Action action, ConfigMap map) {
            events.add(action + " " + map.getMetadata().getName());
          }

          @Override
          public void onClose(WatcherException cause) {
            events.add("closed: " + cause.getMessage());
          }
        };
    try (Watch watch = client.configMaps().withLabel("of", "watched").watch(watcher)) {
      create("watched");
      assertThat(events.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("ADDED watched");
      client
          .configMaps()
          .withName("watched")
          .edit(m -> new ConfigMapBuilder(m).addToData("more", "1").build());
      assertThat(events.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("MODIFIED watched");
      client.configMaps().withName("watched").delete();
      assertThat(events.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("DELETED watched");
    }
  }

  @Test
  void informerFollowsTheCluster() {
    try (SharedIndexInformer<ConfigMap> informer =
        client.configMaps().withLabel("of", "informed").runnableInformer(0)) {
      informer.start().toCompletableFuture().orTimeout(SECONDS, TimeUnit.SECONDS).join();
      create("informed");
      Awaitility.await()
          .atMost(Duration.ofSeconds(SECONDS))
          .until(() -> informer.getStore().list().size() == 1);
      client.configMaps().withName("informed").delete();
      Awaitility.await()
          .atMost(Duration.ofSeconds(SECONDS))
          .until(() -> informer.getStore().list().isEmpty());
    }
  }

  @Test
  void logsAreReadAndFollowed() throws Exception {
    assertThat(pod().getLog()).contains("first line\nsecond line\n");
    try (LogWatch following = pod().tailingLines(1).watchLog()) {
      plane.appendToPodLog("appended for fabric8");
      var lines =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(following.getOutput(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (!line.equals("appended for fabric8")) {
        line = lines.readLine();
      }
    }
  }

  @Test
  void commandsRunWithInputAndLargeOutput() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ExecWatch exec =
        pod().writingOutput(out).exec("sh", "-c", "yes 0123456789abcde | head -c " + BYTES)) {
      exec.exitCode().orTimeout(SECONDS, TimeUnit.SECONDS).handle((code, failure) -> code).join();
      assertThat(out.size()).isEqualTo(BYTES);
    }
    Path file = StreamSteps.random(Places.directory("fabric8").resolve("in"), INPUT_BYTES);
    ByteArrayOutputStream hash = new ByteArrayOutputStream();
    try (ExecWatch exec =
            pod()
                .redirectingInput()
                .writingOutput(hash)
                .exec("sh", "-c", "head -c " + INPUT_BYTES + " | sha256sum");
        InputStream content = Files.newInputStream(file)) {
      content.transferTo(exec.getInput());
      exec.getInput().flush();
      exec.exitCode().orTimeout(SECONDS, TimeUnit.SECONDS).handle((code, failure) -> code).join();
      assertThat(hash.toString(StandardCharsets.US_ASCII)).startsWith(Digests.sha256(file));
    }
  }

  @Test
  void filesAreCopiedFromThePod() throws IOException {
    Path original = StreamSteps.random(plane.work().resolve("for-fabric8"), BYTES);
    Path copy = Places.directory("fabric8").resolve("copy");
    assertThat(pod().file(original.toString()).copy(copy)).isTrue();
    assertThat(Files.mismatch(original, copy)).isEqualTo(-1);
  }

  @Test
  void portsAreForwarded() throws Exception {
    try (LocalPortForward forward = pod().portForward(8080)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/"))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(Duration.ofSeconds(SECONDS))
              .POST(HttpRequest.BodyPublishers.ofString("echoed".repeat(100_000)))
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
          .isEqualTo("echoed".repeat(100_000));
      assertThat(forward.getServerThrowables()).isEmpty();
    }
  }

  /** Candidates for one lease: the first leads and renews; when it gives way, the second leads. */
  @Test
  void oneLeadsUntilItGivesWay() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    CompletableFuture<?> first = candidate("first", told);
    try {
      assertThat(told.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("first leads");
      CompletableFuture<?> second = candidate("second", told);
      try {
        client
            .leases()
            .withName("leader")
            .waitUntilCondition(
                lease -> lease.getSpec().getRenewTime().isAfter(lease.getSpec().getAcquireTime()),
                SECONDS,
                TimeUnit.SECONDS);
        assertThat(told).isEmpty();
        first.cancel(true);
        assertThat(told.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("first leads no more");
        assertThat(told.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("second leads");
        assertThat(client.leases().withName("leader").get().getSpec().getHolderIdentity())
            .isEqualTo("second");
      } finally {
        second.cancel(true);
      }
    } finally {
      first.cancel(true);
    }
    assertThat(told.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("second leads no more");
  }

  private CompletableFuture<?> candidate(String name, BlockingQueue<String> told) {
    return client
        .leaderElector()
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(name)
                .withLock(new LeaseLock(namespace(), "leader", name))
                .withLeaseDuration(Duration.ofSeconds(SECONDS))
                .withRenewDeadline(Duration.ofSeconds(SECONDS - 5))
                .withRetryPeriod(Duration.ofMillis(500))
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                    new LeaderCallbacks(
                        () -> told.add(name + " leads"),
                        () -> told.add(name + " leads no more"),
                        leader -> {}))
                .build())
        .build()
        .start();
  }
}
