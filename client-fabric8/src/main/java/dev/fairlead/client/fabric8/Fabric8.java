package dev.fairlead.client.fabric8;

import dev.fairlead.api.Cluster;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.core.hub.HubCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.util.Objects;

/**
 * Clients of fabric8 for clusters of a hub in this process. Each works as one user: the hub's
 * roles, limits and audit apply exactly as at its front door, and the cluster sees the user. No
 * socket, no TLS and no token is needed; neither is a kubeconfig read, nor the environment.
 */
public final class Fabric8 {

  private Fabric8() {}

  /**
   * A client for one cluster. Nothing is asked until it is used. What the hub refuses it throws as
   * a {@code KubernetesClientException} with the hub's {@code metav1.Status}, at once: it repeats
   * nothing by itself, as the hub knows whether that can help.
   *
   * @param cluster a cluster of a hub in this process, {@code hub.cluster("prod-eu")}
   * @param identity who it works as
   * @return a client that the caller closes; its close ends whatever it has under way
   * @throws InvalidException if the cluster is of another kind of hub
   * @throws ForbiddenException if the identity has a name that is reserved for Kubernetes itself
   */
  public static KubernetesClient client(Cluster cluster, Identity identity) {
    return new KubernetesClientBuilder()
        .withConfig(config(cluster))
        .withHttpClientFactory(http(cluster, identity))
        .build();
  }

  /**
   * What {@link #client} configures a client with: the cluster's URL, under which only {@link
   * #http} finds it, and no repetition.
   *
   * @param cluster a cluster of a hub in this process
   * @return a new configuration, to be changed as needed
   */
  public static Config config(Cluster cluster) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://" + cluster.name() + "/")
        .withDisableHostnameVerification(false)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /**
   * The way of requests through the hub, for those who build their clients themselves. One factory
   * can serve any number of clients.
   *
   * @param cluster a cluster of a hub in this process
   * @param identity who the requests are made as
   * @return a factory for {@link KubernetesClientBuilder#withHttpClientFactory}, to go with {@link
   *     #config}
   * @throws InvalidException if the cluster is of another kind of hub
   * @throws ForbiddenException if the identity has a name that is reserved for Kubernetes itself
   */
  public static HttpClient.Factory http(Cluster cluster, Identity identity) {
    ReservedNames.refuse(Objects.requireNonNull(identity, "identity"));
    if (!(cluster instanceof HubCluster known)) {
      throw new InvalidException(
          "cluster "
              + cluster.name()
              + ": a "
              + cluster.getClass().getSimpleName()
              + " (expected: one that a FairleadHub in this process gave, by cluster(name))");
    }
    return new HubHttp(known, identity);
  }
}
