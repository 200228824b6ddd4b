package dev.fairlead.client.fabric8;

import static org.awaitility.Awaitility.await;

import dev.fairlead.agent.direct.DirectClusters;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.cluster.DemoCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A hub and a cluster {@code dev} that it reaches by a kubeconfig; {@code gone} has no agent. */
final class OneCluster implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Identity ALICE =
      new Identity("alice", "uid-1", List.of("developers"), java.util.Map.of());

  final MemoryAuditSink audit = new MemoryAuditSink(10_000);
  final DemoCluster cluster = DemoCluster.builder().build();
  final FairleadHub hub;
  final DirectClusters direct;

  OneCluster() throws IOException, InterruptedException {
    cluster.start();
    InMemoryTransport transport = InMemoryTransport.create();
    hub =
        FairleadHub.builder()
            .transport(transport.hub())
            .authorizer(
                Roles.parse(
                    """
                    roles:
                      - name: developer
                        rules:
                          - clusters: [dev, gone]
                            namespaces: [shop]
                            apiGroups: ["*"]
                            resources: ["*"]
                            verbs: ["*"]
                          - clusters: [dev, gone]
                            nonResourceURLs: ["*"]
                            verbs: [get]
                      - name: reader
                        rules:
                          - clusters: [dev]
                            namespaces: [shop]
                            apiGroups: [""]
                            resources: [pods]
                            verbs: [get, list]
                    bindings:
                      - role: developer
                        groups: [developers]
                      - role: reader
                        users: [bob]
                    """,
                    "test"))
            .audit(audit)
            .keepInMemory()
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    hub.fleet().add(ClusterName.of("gone"), java.util.Map.of());
    direct = DirectClusters.of(hub, transport);
    direct.add(ClusterName.of("dev"), ApiServer.kubeconfig(cluster.kubeconfig(), null));
    await().atMost(PATIENCE).until(() -> hub.cluster("dev").kubernetesVersion().isPresent());
  }

  KubernetesClient client(Identity identity) {
    return Fabric8.client(hub.cluster("dev"), identity);
  }

  /** Waits until an event was recorded, and gives the latest. */
  AuditEvent event(Predicate<AuditEvent> wanted) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                org.assertj.core.api.Assertions.assertThat(audit.events()).anyMatch(wanted::test));
    return audit.events().stream().filter(wanted).reduce((first, second) -> second).orElseThrow();
  }

  @Override
  public void close() {
    direct.close();
    hub.close();
    cluster.close();
  }
}
