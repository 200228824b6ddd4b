package dev.fairlead.core.kubeconfig;

import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** How a kubeconfig names a credential plugin. */
final class ExecEntry {

  private ExecEntry() {}

  /** Brings an entry up to date; what else is in it stays, such as variables of the user's own. */
  static MappingNode of(KubeconfigUser.Exec exec, Node former) {
    MappingNode plugin = YamlEntries.copy(former);
    YamlEntries.putText(plugin, "apiVersion", "client.authentication.k8s.io/v1");
    YamlEntries.putText(plugin, "command", exec.command());
    if (!texts(plugin, "args").equals(exec.arguments())) {
      SequenceNode arguments = YamlEntries.sequence();
      exec.arguments().forEach(one -> arguments.getValue().add(YamlEntries.text(one)));
      YamlEntries.put(plugin, "args", arguments);
    }
    if (exec.installHint().isEmpty()) {
      YamlEntries.remove(plugin, "installHint");
    } else {
      YamlEntries.putText(plugin, "installHint", exec.installHint());
    }
    YamlEntries.putText(plugin, "interactiveMode", "Never");
    if (!YamlEntries.textAt(plugin, "provideClusterInfo").equals("false")) {
      YamlEntries.put(
          plugin, "provideClusterInfo", new ScalarNode(Tag.BOOL, "false", ScalarStyle.PLAIN));
    }
    return plugin;
  }

  private static List<String> texts(MappingNode in, String key) {
    return YamlEntries.get(in, key)
        .filter(SequenceNode.class::isInstance)
        .map(list -> ((SequenceNode) list).getValue())
        .orElse(List.of())
        .stream()
        .map(one -> one instanceof ScalarNode text ? text.getValue() : "")
        .toList();
  }
}
