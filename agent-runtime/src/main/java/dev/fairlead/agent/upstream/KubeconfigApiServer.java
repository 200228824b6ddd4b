package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The API server of a kubeconfig's context. */
final class KubeconfigApiServer extends ApiServer {

  private final KubeconfigSource source;
  private final @Nullable String context;

  KubeconfigApiServer(KubeconfigSource source, @Nullable String context) {
    this.source = source;
    this.context = context;
  }

  @Override
  ApiAccess load() {
    List<Config> parts = source.parse();
    String name = contextName(parts);
    Context found = context(parts, name);
    Cluster cluster = cluster(parts, name, found.getCluster());
    AuthInfo user = user(parts, name, found.getUser());
    requireSupported(cluster, user);
    io.fabric8.kubernetes.client.Config merged = io.fabric8.kubernetes.client.Config.empty();
    try {
      KubeConfigUtils.merge(merged, name, parts.toArray(Config[]::new));
    } catch (RuntimeException e) {
      // The cause may quote what is secret.
      throw new InvalidException(
          "kubeconfig: context " + name + " cannot be used (expected: one that kubectl can use)");
    }
    return KubeconfigAccess.of(merged, cluster, user);
  }

  private String contextName(List<Config> parts) {
    if (context != null) {
      return context;
    }
    return parts.stream()
        .map(Config::getCurrentContext)
        .filter(name -> name != null && !name.isBlank())
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidException(
                    "kubeconfig: no current-context (expected: one, or the name of one of "
                        + contextNames(parts)
                        + ")"));
  }

  private static TreeSet<String> contextNames(List<Config> parts) {
    TreeSet<String> names = new TreeSet<>();
    parts.forEach(part -> part.getContexts().forEach(named -> names.add(named.getName())));
    return names;
  }

  private static Context context(List<Config> parts, String name) {
    return parts.stream()
        .flatMap(part -> part.getContexts().stream())
        .filter(named -> name.equals(named.getName()))
        .map(NamedContext::getContext)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidException(
                    "kubeconfig: no context "
                        + name
                        + " (expected: one of "
                        + contextNames(parts)
                        + ")"));
  }

  private static Cluster cluster(List<Config> parts, String context, @Nullable String name) {
    return parts.stream()
        .flatMap(part -> part.getClusters().stream())
        .filter(named -> Objects.equals(named.getName(), name))
        .map(NamedCluster::getCluster)
        .filter(cluster -> cluster != null && cluster.getServer() != null)
        .findFirst()
        .orElseThrow(() -> missing(context, "cluster", name));
  }

  private static AuthInfo user(List<Config> parts, String context, @Nullable String name) {
    return parts.stream()
        .flatMap(part -> part.getUsers().stream())
        .filter(named -> Objects.equals(named.getName(), name))
        .map(NamedAuthInfo::getUser)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> missing(context, "user", name));
  }

  private static InvalidException missing(String context, String what, @Nullable String name) {
    return new InvalidException(
        "kubeconfig: context "
            + context
            + " names the "
            + what
            + " "
            + name
            + ", which is not there (expected: an entry for it)");
  }

  private static void requireSupported(Cluster cluster, AuthInfo user) {
    if (user.getAs() != null && !user.getAs().isEmpty()) {
      throw new InvalidException(
          "kubeconfig: the user impersonates another one by \"as\" (expected: the agent's own"
              + " credentials, as the agent itself impersonates)");
    }
    if (user.getUsername() != null && !user.getUsername().isEmpty()) {
      throw new InvalidException(
          "kubeconfig: the user has a password (expected: a client certificate, token or exec"
              + " plugin, as Kubernetes knows no passwords any more)");
    }
    if (cluster.getProxyUrl() != null && !cluster.getProxyUrl().isEmpty()) {
      throw new InvalidException(
          "kubeconfig: the cluster has a proxy-url (expected: an API server that the agent reaches"
              + " directly)");
    }
  }

  @Override
  public String toString() {
    return "ApiServer[kubeconfig " + source + (context == null ? "" : ", context " + context) + "]";
  }
}
