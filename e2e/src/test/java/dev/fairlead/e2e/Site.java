package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A hub with an agent for each of some clusters, every one a process of its own. */
final class Site implements AutoCloseable {

  /** The hub's roles: what each user may do is told at {@link User}. */
  static final String ROLES =
      """
      roles:
        - name: everything
          rules:
            - clusters: ["*"]
              namespaces: ["*"]
              apiGroups: ["*"]
              resources: ["*"]
              verbs: ["*"]
            - clusters: ["*"]
              nonResourceURLs: ["*"]
              verbs: ["*"]
        - name: in-the-place-of-bob
          rules:
            - clusters: ["*"]
              namespaces: ["*"]
              apiGroups: [""]
              resources: [users, groups]
              resourceNames: [bob, dev]
              verbs: [impersonate]
        - name: reader
          rules:
            - clusters: ["*"]
              namespaces: ["*"]
              apiGroups: ["", apps]
              resources: ["*"]
              verbs: [get, list, watch]
      bindings:
        - role: everything
          users: [carol]
          groups: [admins]
        - role: in-the-place-of-bob
          groups: [admins]
        - role: reader
          users: [bob]
      """;

  private final Path directory;
  private final HubProcess hub;
  private final Map<String, AgentProcess> agents = new LinkedHashMap<>();

  private Site(Path directory, HubProcess hub) {
    this.directory = directory;
    this.hub = hub;
  }

  /** Starts everything, and returns when all agents are connected. */
  static Site start(
      String name, String roles, Map<String, ControlPlane> clusters, String... hubOptions) {
    Path directory = Places.directory(name);
    HubProcess hub = HubProcess.start(directory, roles, List.copyOf(clusters.keySet()), hubOptions);
    Site site = new Site(directory, hub);
    try {
      clusters.forEach(
          (cluster, plane) ->
              site.agents.put(
                  cluster, AgentProcess.start(directory, hub, cluster, plane.adminKubeconfig())));
    } catch (RuntimeException | Error e) {
      site.close();
      throw e;
    }
    return site;
  }

  /** Starts a hub and an agent that reaches it by a way of its own. */
  static Site start(
      Path directory, HubProcess hub, String dialled, ControlPlane plane, List<String> options) {
    return start(directory, hub, dialled, plane.adminKubeconfig(), options);
  }

  /** The same, for an agent that reaches its cluster by a way of its own, too. */
  static Site start(
      Path directory, HubProcess hub, String dialled, Path kubeconfig, List<String> options) {
    Site site = new Site(directory, hub);
    try {
      site.agents.put(
          "real", AgentProcess.start(directory, hub, dialled, "real", kubeconfig, options));
    } catch (RuntimeException | Error e) {
      site.close();
      throw e;
    }
    return site;
  }

  HubProcess hub() {
    return hub;
  }

  AgentProcess agent(String cluster) {
    AgentProcess agent = agents.get(cluster);
    if (agent == null) {
      throw new AssertionError(cluster + ": no agent (expected: one of " + agents.keySet() + ")");
    }
    return agent;
  }

  Path directory() {
    return directory;
  }

  /** A kubectl with a user's kubeconfig of a cluster, through the hub. */
  Kubectl kubectl(Path binary, User user, String cluster) {
    return new Kubectl(binary, kubeconfig(user, cluster), directory, List.of());
  }

  /** A user's kubeconfig of a cluster, through the hub. */
  synchronized Path kubeconfig(User user, String cluster) {
    Path file = directory.resolve(user.username() + "-" + cluster + ".kubeconfig");
    return Files.exists(file)
        ? file
        : Places.write(file, kubeconfig(hub.users(), cluster, user, read(hub.ca())));
  }

  /** The text of a kubeconfig that leads through a hub's front door. */
  static String kubeconfig(String users, String cluster, User user, byte[] ca) {
    return kubeconfig(users, cluster, user.username(), user.token(), ca);
  }

  /** The same for somebody else. */
  static String kubeconfig(String users, String cluster, String user, String token, byte[] ca) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
          - name: %1$s
            cluster: {server: "https://%2$s/clusters/%1$s", certificate-authority-data: %3$s}
        users:
          - name: %4$s
            user: {token: %5$s}
        contexts:
          - name: %1$s
            context: {cluster: %1$s, user: %4$s}
        current-context: %1$s
        """
        .formatted(cluster, users, Base64.getEncoder().encodeToString(ca), user, token);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      agents.values().forEach(AgentProcess::close);
    } finally {
      hub.close();
    }
  }
}
