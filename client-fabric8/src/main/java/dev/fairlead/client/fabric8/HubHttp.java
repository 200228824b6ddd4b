package dev.fairlead.client.fabric8;

import dev.fairlead.api.Identity;
import dev.fairlead.core.hub.HubCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;

/** Makes clients whose requests go to one cluster as one user. */
final class HubHttp implements HttpClient.Factory {

  private final HubCluster cluster;
  private final Identity identity;

  HubHttp(HubCluster cluster, Identity identity) {
    this.cluster = cluster;
    this.identity = identity;
  }

  HubCluster cluster() {
    return cluster;
  }

  Identity identity() {
    return identity;
  }

  /** Leaves out what concerns a network: proxies, TLS, and tokens, which would be looked for. */
  @Override
  public HttpClient.Builder newBuilder(Config config) {
    HttpClient.Builder builder = newBuilder();
    builder.tag(config.getRequestConfig());
    HttpClientUtils.createApplicableInterceptors(config, this).entrySet().stream()
        .filter(one -> !one.getKey().equals(TokenRefreshInterceptor.NAME))
        .forEach(one -> builder.addOrReplaceInterceptor(one.getKey(), one.getValue()));
    return builder;
  }

  @Override
  public HubHttpBuilder newBuilder() {
    return new HubHttpBuilder(this);
  }
}
