package dev.fairlead.client.fabric8;

import static dev.fairlead.client.fabric8.OneCluster.ALICE;
import static dev.fairlead.client.fabric8.OneCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.api.AgentInfo;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditEvent.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests and watches. */
class Fabric8Test {

  private static final String NAMESPACE = "shop";

  private static OneCluster one;
  private static KubernetesClient alice;

  @BeforeAll
  static void start() throws Exception {
    one = new OneCluster();
    alice = one.client(ALICE);
  }

  @AfterAll
  static void stop() {
    alice.close();
    one.close();
  }

  private static ConfigMap map(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(NAMESPACE)
        .addToLabels("of", name)
        .endMetadata()
        .withData(Map.of("key", value))
        .build();
  }

  @Test
  void listsAreReadAsTheUser() {
    assertThat(alice.pods().inNamespace(NAMESPACE).list().getItems())
        .extracting(pod -> pod.getMetadata().getName())
        .contains("cart-0");
    assertThat(one.cluster.requests())
        .anySatisfy(
            seen -> {
              assertThat(seen.path()).isEqualTo("/api/v1/namespaces/shop/pods");
              assertThat(seen.impersonatedUser()).isEqualTo("alice");
              assertThat(seen.impersonatedGroups()).contains("developers");
            });
  }

  @Test
  void everyRequestIsOnRecord() {
    alice.pods().inNamespace(NAMESPACE).withName("cart-0").get();
    var event =
        one.event(
            found ->
                found.stage() == Stage.RESPONSE_COMPLETE
                    && found.requestUri().equals("/api/v1/namespaces/shop/pods/cart-0"));
    assertThat(event.user()).isEqualTo(ALICE);
    assertThat(event.sourceIps()).isEmpty();
    assertThat(event.userAgent()).contains("fabric8");
    assertThat(event.responseCode()).isEqualTo(200);
    assertThat(event.annotations())
        .containsEntry("fairlead.dev/decision", "allow")
        .containsEntry("fairlead.dev/credential", "in-process");
  }

  @Test
  void objectsAreWrittenInEveryWay() {
    ConfigMap created = alice.resource(map("written", "one")).create();
    assertThat(created.getMetadata().getUid()).isNotBlank();
    ConfigMap applied = alice.resource(map("written", "two")).forceConflicts().serverSideApply();
    assertThat(applied.getData()).containsEntry("key", "two");
    ConfigMap edited =
        alice
            .configMaps()
            .inNamespace(NAMESPACE)
            .withName("written")
            .edit(present -> new ConfigMapBuilder(present).addToData("more", "three").build());
    assertThat(edited.getData()).containsEntry("more", "three");
    assertThat(alice.resource(map("written", "")).delete()).hasSize(1);
    assertThat(alice.configMaps().inNamespace(NAMESPACE).withName("written").get()).isNull();
  }

  @Test
  void bodiesOfMegabytesPassInBothDirections() {
    String value = "0123456789abcdef".repeat(50_000);
    assertThat(alice.resource(map("large", value)).create().getData()).containsEntry("key", value);
    assertThat(alice.configMaps().inNamespace(NAMESPACE).withName("large").get().getData())
        .containsEntry("key", value);
    alice.resource(map("large", "")).delete();
  }

  @Test
  void whatTheHubRefusesIsAStatus() {
    try (KubernetesClient bob = one.client(Identity.user("bob"))) {
      assertThat(bob.pods().inNamespace(NAMESPACE).list().getItems()).isNotEmpty();
      assertThatThrownBy(() -> bob.resource(map("bobs", "")).create())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> {
                assertThat(refused.getCode()).isEqualTo(403);
                assertThat(refused.getStatus().getReason()).isEqualTo("Forbidden");
                assertThat(refused.getStatus().getMessage())
                    .contains("bob", "configmaps", "cluster dev");
              });
      assertThat(one.cluster.requests())
          .noneMatch(
              seen -> seen.path().endsWith("configmaps") && "bob".equals(seen.impersonatedUser()));
    }
  }

  @Test
  void whatTheClusterRefusesIsItsStatus() {
    alice.resource(map("twice", "")).create();
    assertThatThrownBy(() -> alice.resource(map("twice", "")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(409);
              assertThat(refused.getStatus().getReason()).isEqualTo("AlreadyExists");
            });
    alice.resource(map("twice", "")).delete();
  }

  @Test
  void offlineClusterIsToldAtOnce() {
    try (KubernetesClient gone = Fabric8.client(one.hub.cluster("gone"), ALICE)) {
      assertThatThrownBy(() -> gone.pods().inNamespace(NAMESPACE).list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> {
                assertThat(refused.getCode()).isEqualTo(503);
                assertThat(refused.getStatus().getMessage()).contains("no agent is connected");
              });
    }
    assertThat(
            one.audit.events().stream()
                .filter(event -> "gone".equals(String.valueOf(event.cluster())))
                .filter(event -> event.stage() == Stage.RESPONSE_COMPLETE)
                .filter(event -> !event.method().isEmpty()))
        .as("tries")
        .hasSize(1);
  }

  private static Watcher<ConfigMap> telling(BlockingQueue<String> events) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap map) {
        // A request within a callback must not wait for the callback's own thread.
        alice.configMaps().inNamespace(NAMESPACE).withName("settings").get();
        events.add(action + " " + map.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException cause) {
        events.add("closed");
      }
    };
  }

  @Test
  void watchTellsOfEachChangeAndEndsInTheClusterWhenClosed() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    long seconds = PATIENCE.toSeconds();
    try (Watch watch =
        alice
            .configMaps()
            .inNamespace(NAMESPACE)
            .withLabel("of", "watched")
            .watch(telling(events))) {
      alice.resource(map("watched", "one")).create();
      assertThat(events.poll(seconds, TimeUnit.SECONDS)).isEqualTo("ADDED watched");
      alice.resource(map("watched", "two")).update();
      assertThat(events.poll(seconds, TimeUnit.SECONDS)).isEqualTo("MODIFIED watched");
      alice.resource(map("watched", "two")).delete();
      assertThat(events.poll(seconds, TimeUnit.SECONDS)).isEqualTo("DELETED watched");
    }
    one.event(
        event ->
            event.stage() == Stage.RESPONSE_COMPLETE
                && event.info().verb().equals("watch")
                && event.requestUri().contains("watched"));
  }

  @Test
  void informerFollowsTheCluster() {
    try (SharedIndexInformer<Pod> informer =
        alice.pods().inNamespace(NAMESPACE).runnableInformer(0)) {
      informer.start().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
      int before = informer.getStore().list().size();
      assertThat(before).isPositive();
      alice.apps().deployments().inNamespace(NAMESPACE).withName("web").scale(3);
      await().atMost(PATIENCE).until(() -> informer.getStore().list().size() == before + 1);
      alice.apps().deployments().inNamespace(NAMESPACE).withName("web").scale(2);
      await().atMost(PATIENCE).until(() -> informer.getStore().list().size() == before);
    }
  }

  @Test
  void onlyClustersOfAHubInThisProcessAndNamesOfUsersAreTaken() {
    Cluster foreign = new Elsewhere();
    assertThatThrownBy(() -> Fabric8.client(foreign, ALICE))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("FairleadHub");
    assertThatThrownBy(
            () ->
                Fabric8.client(
                    one.hub.cluster("dev"), Identity.user("eve").inGroups("system:masters")))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("system:masters");
  }

  @Test
  void otherHostsAreNotTheCluster() {
    assertThatThrownBy(
            () -> {
              try (var http = Fabric8.http(one.hub.cluster("dev"), ALICE).newBuilder().build()) {
                http.sendAsync(
                        http.newHttpRequestBuilder().uri("https://elsewhere/api").build(),
                        String.class)
                    .join();
              }
            })
        .hasMessageContaining("elsewhere");
  }

  /** A cluster of some other hub. */
  private static final class Elsewhere implements Cluster {
    @Override
    public ClusterName name() {
      return ClusterName.of("elsewhere");
    }

    @Override
    public ClusterStatus status() {
      return ClusterStatus.OFFLINE;
    }

    @Override
    public Optional<Instant> lastSeen() {
      return Optional.empty();
    }

    @Override
    public List<AgentInfo> agents() {
      return List.of();
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }

    @Override
    public Optional<String> kubernetesVersion() {
      return Optional.empty();
    }
  }
}
