package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The YAML form of roles and bindings. */
final class RolesFile {

  private static final int MAX_BYTES = 1024 * 1024;

  private final Mistakes mistakes;
  private final YamlShape shape;

  private RolesFile(Mistakes mistakes) {
    this.mistakes = mistakes;
    this.shape = new YamlShape(mistakes);
  }

  static Roles load(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new InvalidException(file + ": cannot be read (expected: a readable YAML file)", e);
    }
    try {
      return parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
          file.toString());
    } catch (CharacterCodingException e) {
      throw new InvalidException(file + ": not UTF-8 (expected: a YAML file in UTF-8)", e);
    }
  }

  static Roles parse(String yaml, String source) {
    if (yaml.length() > MAX_BYTES) {
      throw new InvalidException(source + ": more than 1 MiB (expected: at most 1 MiB)");
    }
    return new RolesFile(new Mistakes(source)).read(YamlText.compose(yaml, source));
  }

  private Roles read(Node root) {
    Map<String, Node> fields = shape.fields(root, YamlShape.ROOT, "roles", "bindings");
    List<Role> roles = new ArrayList<>();
    for (Node node : required(fields, "roles", "a list of roles")) {
      roles.add(role(node, "roles[" + roles.size() + "]"));
    }
    List<Binding> bindings = new ArrayList<>();
    for (Node node : required(fields, "bindings", "a list of bindings")) {
      bindings.add(binding(node, "bindings[" + bindings.size() + "]"));
    }
    return Roles.checked(roles, bindings, mistakes);
  }

  private List<Node> required(Map<String, Node> fields, String key, String expected) {
    Node node = fields.get(key);
    if (node == null) {
      mistakes.addMissing(key, YamlShape.ROOT, expected);
      return List.of();
    }
    return shape.items(node, key);
  }

  private Role role(Node node, String key) {
    Map<String, Node> fields = shape.fields(node, key, "name", "rules");
    List<Rule> rules = new ArrayList<>();
    Node list = fields.get("rules");
    if (list != null) {
      for (Node rule : shape.items(list, key + ".rules")) {
        rules.add(rule(rule, key + ".rules[" + rules.size() + "]"));
      }
    }
    return new Role(text(fields.get("name"), key + ".name"), rules);
  }

  private Rule rule(Node node, String key) {
    Map<String, Node> fields =
        shape.fields(
            node,
            key,
            "clusters",
            "namespaces",
            "apiGroups",
            "resources",
            "resourceNames",
            "nonResourceURLs",
            "verbs");
    return new Rule(
        texts(fields, key, "clusters"),
        texts(fields, key, "namespaces"),
        texts(fields, key, "apiGroups"),
        texts(fields, key, "resources"),
        texts(fields, key, "resourceNames"),
        texts(fields, key, "nonResourceURLs"),
        texts(fields, key, "verbs"));
  }

  private Binding binding(Node node, String key) {
    Map<String, Node> fields = shape.fields(node, key, "role", "users", "groups");
    return new Binding(
        text(fields.get("role"), key + ".role"),
        texts(fields, key, "users"),
        texts(fields, key, "groups"));
  }

  private String text(@Nullable Node node, String key) {
    return node == null ? "" : shape.text(node, key);
  }

  private List<String> texts(Map<String, Node> fields, String key, String field) {
    Node list = fields.get(field);
    if (list == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    String listKey = key + '.' + field;
    for (Node item : shape.items(list, listKey)) {
      texts.add(shape.text(item, listKey + '[' + texts.size() + ']'));
    }
    return texts;
  }
}
