package dev.fairlead.testkit.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A fresh cluster for each test. */
@Timeout(30)
abstract class RunningCluster {
  static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  DemoCluster cluster;
  ApiClient api;

  @BeforeEach
  void start() throws Exception {
    cluster = configure(DemoCluster.builder()).build().start();
    api = new ApiClient(cluster);
  }

  DemoCluster.Builder configure(DemoCluster.Builder builder) {
    return builder;
  }

  @AfterEach
  void stop() {
    cluster.close();
  }
}
