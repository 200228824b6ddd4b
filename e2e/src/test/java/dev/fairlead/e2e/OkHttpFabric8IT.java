package dev.fairlead.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;

/** The same with another of the client's HTTP back ends, which has its own HTTP/2 and WebSocket. */
class OkHttpFabric8IT extends Fabric8IT {

  @Override
  String namespace() {
    return "okhttp-fabric8";
  }

  @Override
  String way() {
    return "OkHttp back end";
  }

  @Override
  KubernetesClient client(OneJvm site) {
    return site.client(namespace(), new OkHttpClientFactory());
  }
}
