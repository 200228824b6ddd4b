package dev.fairlead.e2e;

import dev.fairlead.api.Identity;
import dev.fairlead.client.fabric8.Fabric8;
import dev.fairlead.core.hub.HubCluster;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;

/** The same without the front door: fabric8's client upon the engine of the hub. */
class InProcessFabric8IT extends Fabric8IT {

  @Override
  String namespace() {
    return "in-process-fabric8";
  }

  @Override
  String way() {
    return "in process";
  }

  @Override
  KubernetesClient client(OneJvm site) {
    HubCluster cluster = site.hub().cluster("real");
    Identity alice =
        new Identity(User.ALICE.username(), User.ALICE.uid(), User.ALICE.groups(), Map.of());
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(Fabric8.config(cluster)).withNamespace(namespace()).build())
        .withHttpClientFactory(Fabric8.http(cluster, alice))
        .build();
  }
}
