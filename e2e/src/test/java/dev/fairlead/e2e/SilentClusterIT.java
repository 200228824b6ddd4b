package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Java sees of a cluster whose API server says nothing for a while. */
@ExtendWith(SharedControlPlane.class)
class SilentClusterIT {

  @Test
  void clusterIsDegradedWhileItsApiServerIsSilent(ControlPlane plane) throws InterruptedException {
    try (OneJvm jvm = OneJvm.start(plane);
        KubernetesClient client = jvm.client("default", new JdkHttpClientFactory())) {
      assertThat(jvm.hub().cluster("real").status()).isEqualTo(ClusterStatus.CONNECTED);
      plane.pause();
      try {
        await(jvm, ClusterStatus.DEGRADED, Duration.ofSeconds(15));
      } finally {
        plane.resume();
      }
      await(jvm, ClusterStatus.CONNECTED, Duration.ofSeconds(30));
      assertThat(client.namespaces().withName("default").get()).isNotNull();
    }
  }

  private static void await(OneJvm jvm, ClusterStatus status, Duration within) {
    Awaitility.await(status.toString())
        .atMost(within)
        .until(() -> jvm.hub().cluster("real").status() == status);
  }
}
