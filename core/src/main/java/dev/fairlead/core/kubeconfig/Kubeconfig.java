package dev.fairlead.core.kubeconfig;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A kubeconfig. {@link #with} adds what a user has of a hub, or brings it up to date: contexts are
 * named by cluster, clusters the user may no longer use go, and what the user has set in the hub's
 * contexts, such as a namespace or another name, stays. What is not the hub's stays as it is,
 * comments and the spelling of values included.
 *
 * <p>Immutable; safe for use by any thread. May hold secrets, which {@link #toString} does not
 * show.
 */
public final class Kubeconfig {

  private static final String CLUSTERS = "clusters";
  private static final String USERS = "users";
  private static final String CONTEXTS = "contexts";
  private static final String CURRENT = "current-context";

  private final String yaml;
  private final String source;

  private Kubeconfig(String yaml, String source) {
    this.yaml = yaml;
    this.source = source;
  }

  /**
   * A kubeconfig with nothing in it.
   *
   * @return what {@link #with} makes a whole one of
   */
  public static Kubeconfig empty() {
    return new Kubeconfig("", "kubeconfig");
  }

  /**
   * Takes a kubeconfig that is there.
   *
   * @param yaml its text, at most 16 Mi characters; may be empty
   * @param source what to call it in messages, such as the file's name
   * @return the kubeconfig
   * @throws InvalidException if it is none; the message has places in it, but no text of it
   */
  public static Kubeconfig parse(String yaml, String source) {
    Kubeconfig found = new Kubeconfig(yaml, source);
    MappingNode root = found.root();
    for (String list : List.of(CLUSTERS, USERS, CONTEXTS)) {
      list(root, list, source);
    }
    return found;
  }

  private MappingNode root() {
    return KubeconfigText.read(yaml, source).orElseGet(YamlEntries::mapping);
  }

  /**
   * Adds what a user has of a hub, in place of what is here of it.
   *
   * <p>A cluster's context bears the cluster's name; where something else has that name already it
   * is {@code name@hub}. The current context stays, unless there is none, or it was one that went.
   *
   * @param access what they have
   * @return a new kubeconfig; with the same text if there was nothing to change
   */
  public Kubeconfig with(HubAccess access) {
    MappingNode root = root();
    if (YamlEntries.get(root, "apiVersion").isEmpty()) {
      YamlEntries.put(root, "apiVersion", YamlEntries.text("v1"));
    }
    if (YamlEntries.get(root, "kind").isEmpty()) {
      YamlEntries.put(root, "kind", YamlEntries.text("Config"));
    }
    putClusters(list(root, CLUSTERS, source), access);
    putUser(list(root, USERS, source), access);
    putContexts(root, list(root, CONTEXTS, source), access);
    String before = yaml.isEmpty() ? "" : KubeconfigText.write(root());
    String after = KubeconfigText.write(root);
    return after.equals(before) ? this : new Kubeconfig(after, source);
  }

  /** The list at a key, made if there is none. */
  private static SequenceNode list(MappingNode root, String key, String source) {
    Optional<Node> found = YamlEntries.get(root, key);
    if (found.isPresent() && found.get() instanceof SequenceNode list) {
      return list;
    }
    if (found.isPresent() && !found.get().getTag().equals(Tag.NULL)) {
      throw new InvalidException(source + ": " + key + " is no list (expected: a list of entries)");
    }
    SequenceNode made = YamlEntries.sequence();
    YamlEntries.put(root, key, made);
    return made;
  }

  private static MappingNode entry(SequenceNode list, String name) {
    return YamlEntries.find(list, entry -> YamlEntries.textAt(entry, "name").equals(name))
        .orElseGet(
            () -> {
              MappingNode made = YamlEntries.mapping();
              YamlEntries.put(made, "name", YamlEntries.text(name));
              list.setFlowStyle(FlowStyle.BLOCK);
              list.getValue().add(made);
              return made;
            });
  }

  private static void putClusters(SequenceNode clusters, HubAccess access) {
    List<String> wanted = access.servers().keySet().stream().map(access::entry).toList();
    YamlEntries.removeNamed(
        clusters,
        entry -> {
          String name = YamlEntries.textAt(entry, "name");
          return isOf(access, name) && !wanted.contains(name);
        });
    String ca = access.caPem();
    access
        .servers()
        .forEach(
            (name, server) -> {
              MappingNode entry = entry(clusters, access.entry(name));
              MappingNode cluster =
                  YamlEntries.copy(
                      YamlEntries.get(entry, "cluster").orElseGet(YamlEntries::mapping));
              YamlEntries.putText(cluster, "server", server.toString());
              YamlEntries.remove(cluster, "insecure-skip-tls-verify");
              YamlEntries.remove(cluster, "certificate-authority");
              if (ca == null) {
                YamlEntries.remove(cluster, "certificate-authority-data");
              } else {
                YamlEntries.putText(cluster, "certificate-authority-data", base64(ca));
              }
              YamlEntries.put(entry, "cluster", cluster);
            });
  }

  private static boolean isOf(HubAccess access, String clusterEntry) {
    String prefix = access.entry() + "/";
    return clusterEntry.startsWith(prefix)
        && ClusterName.isValid(clusterEntry.substring(prefix.length()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void putUser(SequenceNode users, HubAccess access) {
    MappingNode entry = entry(users, access.entry());
    Node former = YamlEntries.get(entry, "user").orElseGet(YamlEntries::mapping);
    MappingNode user = YamlEntries.mapping();
    if (access.user() instanceof KubeconfigUser.Exec exec) {
      YamlEntries.put(
          user,
          "exec",
          ExecEntry.of(exec, YamlEntries.get(former, "exec").orElseGet(YamlEntries::mapping)));
    } else if (access.user() instanceof KubeconfigUser.Token token) {
      YamlEntries.putText(user, "token", token.token().reveal());
    }
    YamlEntries.put(entry, "user", user);
  }

  private static void putContexts(MappingNode root, SequenceNode contexts, HubAccess access) {
    List<String> wanted = access.servers().keySet().stream().map(access::entry).toList();
    List<String> gone =
        YamlEntries.removeNamed(
            contexts,
            context -> {
              String cluster = clusterOf(context);
              return isOf(access, cluster)
                  && userOf(context).equals(access.entry())
                  && !wanted.contains(cluster);
            });
    List<String> ours = new ArrayList<>();
    for (ClusterName name : access.servers().keySet()) {
      ours.add(putContext(contexts, name, access));
    }
    String current = YamlEntries.textAt(root, CURRENT);
    if ((current.isEmpty() || gone.contains(current)) && !ours.isEmpty()) {
      YamlEntries.putText(root, CURRENT, ours.get(0));
    } else if (gone.contains(current)) {
      YamlEntries.put(root, CURRENT, YamlEntries.text(""));
    }
  }

  private static String putContext(SequenceNode contexts, ClusterName name, HubAccess access) {
    Optional<MappingNode> present =
        YamlEntries.find(
            contexts,
            context ->
                clusterOf(context).equals(access.entry(name))
                    && userOf(context).equals(access.entry()));
    if (present.isPresent()) {
      return YamlEntries.textAt(present.get(), "name");
    }
    String free =
        List.of(name.value(), name + "@" + access.hub(), access.entry(name)).stream()
            .filter(
                candidate ->
                    YamlEntries.find(
                            contexts, one -> YamlEntries.textAt(one, "name").equals(candidate))
                        .isEmpty())
            .findFirst()
            .orElse(access.entry(name));
    MappingNode context = YamlEntries.mapping();
    YamlEntries.putText(context, "cluster", access.entry(name));
    YamlEntries.putText(context, "user", access.entry());
    YamlEntries.put(entry(contexts, free), "context", context);
    return free;
  }

  private static String clusterOf(Node context) {
    return YamlEntries.get(context, "context")
        .map(found -> YamlEntries.textAt(found, "cluster"))
        .orElse("");
  }

  private static String userOf(Node context) {
    return YamlEntries.get(context, "context")
        .map(found -> YamlEntries.textAt(found, "user"))
        .orElse("");
  }

  /**
   * The contexts that lead to a hub's clusters.
   *
   * @param access what a user has of the hub
   * @return the context of each cluster, by the cluster's name
   */
  public Map<ClusterName, String> contexts(HubAccess access) {
    Map<ClusterName, String> found = new TreeMap<>();
    SequenceNode contexts = list(root(), CONTEXTS, source);
    for (ClusterName name : access.servers().keySet()) {
      YamlEntries.find(
              contexts,
              context ->
                  clusterOf(context).equals(access.entry(name))
                      && userOf(context).equals(access.entry()))
          .ifPresent(context -> found.put(name, YamlEntries.textAt(context, "name")));
    }
    return found;
  }

  /**
   * The context kubectl uses unless told otherwise.
   *
   * @return its name, or an empty text
   */
  public String currentContext() {
    return YamlEntries.textAt(root(), CURRENT);
  }

  /**
   * The same with another current context.
   *
   * @param context its name
   * @return a new kubeconfig
   */
  public Kubeconfig using(String context) {
    MappingNode root = root();
    YamlEntries.putText(root, CURRENT, context);
    return new Kubeconfig(KubeconfigText.write(root), source);
  }

  /**
   * The text of the file. A secret if a token or a key is in it.
   *
   * @return YAML
   */
  public String toYaml() {
    return yaml;
  }

  /** Its name; never its text. */
  @Override
  public String toString() {
    return "Kubeconfig[" + source + "]";
  }
}
