package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.direct.DirectClusters;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that reaches a cluster by a kubeconfig, without an agent. */
class DirectClustersTest {

  @TempDir private Path directory;
  private final Authorizer roles = Roles.builder().build();
  private final AuditSink audit = new MemoryAuditSink(100);

  @Test
  void clusterIsAddedByItsKubeconfig() throws Exception {
    try (DemoCluster staging = DemoCluster.builder().build().start()) {
      Path kubeconfig = Samples.write(directory.resolve("kubeconfig"), staging.kubeconfig());
      InMemoryTransport within = InMemoryTransport.create();
      FairleadHub hub =
          FairleadHub.builder()
              .transport(within.hub())
              .authorizer(roles)
              .audit(audit)
              .keepInMemory()
              .build();
      hub.start();
      DirectClusters clusters = DirectClusters.of(hub, within);
      clusters.add(ClusterName.of("staging"), ApiServer.kubeconfig(kubeconfig));
      assertThat(hub.fleet().list()).extracting(Cluster::name).hasSize(1);
      clusters.close();
      hub.close();
    }
  }
}
