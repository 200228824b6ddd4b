package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.api.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolesFileTest {

  private static final String GOOD =
      """
      roles:
        - name: developer
          rules:
            - clusters: [dev, "staging-*"]
              namespaces: ["*"]
              apiGroups: ["", apps]
              resources: [pods, pods/log, deployments]
              verbs: [get, list, watch]
            - clusters: ["*"]
              nonResourceURLs: [/metrics, /logs/*]
              verbs: [get]
      bindings:
        - role: developer
          users: [jane]
          groups: [payments]
      """;

  @TempDir Path directory;

  @Test
  void fileAndBuilderMakeTheSameRoles() throws Exception {
    Path file = Files.writeString(directory.resolve("roles.yaml"), GOOD);
    Roles roles = Roles.load(file);
    Rule first =
        Rule.builder()
            .clusters("dev", "staging-*")
            .namespaces("*")
            .apiGroups("", "apps")
            .resources("pods", "pods/log", "deployments")
            .verbs("get", "list", "watch")
            .build();
    Rule second =
        Rule.builder().clusters("*").nonResourceUrls("/metrics", "/logs/*").verbs("get").build();
    assertThat(roles.roles()).containsExactly(new Role("developer", List.of(first, second)));
    assertThat(roles.bindings())
        .containsExactly(new Binding("developer", List.of("jane"), List.of("payments")));
  }

  @Test
  void everyMistakeIsListedAtOnceWithItsPosition() {
    String text =
        """
        roles:
          - name: developer
            rules:
              - clusters: [Dev, "*-eu", "a*b"]
                namespaces: []
                apiGroups: apps
                resources: ["pods/*/x", "*/*"]
                verbs: [read, logs, 7]
                resourceName: [x]
              - clusters: [dev]
                nonResourceURLs: ["*.html", metrics, "/a*b"]
                resources: [pods]
                verbs: [list]
          - name: developer
            rules: []
          - name: "a b"
          - just text
        bindings:
          - role: developr
            users: ["j*", ""]
          - role: developer
          - users: {jane: true}
            users: [jane]
        extra: 1
        """;
    assertThat(mistakes(text).split("\n  "))
        .containsExactlyInAnyOrder(
            "roles.yaml: 28 mistakes",
            "line 4, column 20: roles[0].rules[0].clusters[0]: \"Dev\""
                + " (expected: a cluster's name, prefix* or *)",
            "line 4, column 25: roles[0].rules[0].clusters[1]: \"*-eu\""
                + " (expected: a cluster's name, prefix* or *)",
            "line 4, column 33: roles[0].rules[0].clusters[2]: \"a*b\""
                + " (expected: a cluster's name, prefix* or *)",
            "line 5, column 9: roles[0].rules[0].namespaces: empty list"
                + " (expected: at least one item, or no such key)",
            "line 6, column 9: roles[0].rules[0].apiGroups: text (expected: a list)",
            "line 7, column 21: roles[0].rules[0].resources[0]: \"pods/*/x\" (expected: resource,"
                + " resource/subresource, resource/*, */subresource or *)",
            "line 7, column 33: roles[0].rules[0].resources[1]: \"*/*\" (expected: resource,"
                + " resource/subresource, resource/*, */subresource or *)",
            "line 8, column 17: roles[0].rules[0].verbs[0]: \"read\" (expected: * or one of attach,"
                + " create, delete, deletecollection, exec, get, impersonate, list, logs, patch,"
                + " port-forward, proxy, update, watch)",
            "line 8, column 29: roles[0].rules[0].verbs[2]: a number (expected: text)",
            "line 9, column 9: roles[0].rules[0].resourceName: unknown key (expected: one of the"
                + " keys effect, clusters, clusterSelector, namespaces, apiGroups,"
                + " resources, resourceNames, nonResourceURLs, verbs, when)",
            "line 11, column 27: roles[0].rules[1].nonResourceURLs[0]: \"*.html\""
                + " (expected: /path, /prefix* or *)",
            "line 11, column 37: roles[0].rules[1].nonResourceURLs[1]: \"metrics\""
                + " (expected: /path, /prefix* or *)",
            "line 11, column 46: roles[0].rules[1].nonResourceURLs[2]: \"/a*b\""
                + " (expected: /path, /prefix* or *)",
            "line 12, column 9: roles[0].rules[1].resources: present (expected: no resources,"
                + " resourceNames, apiGroups or namespaces beside nonResourceURLs)",
            "line 13, column 17: roles[0].rules[1].verbs[0]: \"list\" (expected: * or one of"
                + " delete, get, head, options, patch, post, put)",
            "line 14, column 5: roles[1].name: \"developer\""
                + " (expected: a name of its own; roles[0] has this one)",
            "line 15, column 5: roles[1].rules: empty list"
                + " (expected: at least one item, or no such key)",
            "line 16, column 5: roles[2].name: \"a b\""
                + " (expected: 1-63 letters, digits, '.', '_' and '-')",
            "line 16, column 5: roles[2].rules: missing or empty (expected: at least one rule)",
            "line 17, column 5: roles[3]: text (expected: one of the keys name, rules)",
            "line 19, column 5: bindings[0].role: \"developr\""
                + " (expected: one of the roles developer)",
            "line 20, column 13: bindings[0].users[0]: \"j*\" (expected: an exact name, since"
                + " wildcards do not apply to users and groups)",
            "line 20, column 19: bindings[0].users[1]: \"\" (expected: an exact name, since"
                + " wildcards do not apply to users and groups)",
            "line 21, column 5: bindings[1].users: missing or empty"
                + " (expected: at least one user or group)",
            "line 22, column 5: bindings[2].users: key given twice (expected: each key once)",
            "line 22, column 5: bindings[2].users: a mapping (expected: a list)",
            "line 22, column 5: bindings[2].role: missing or empty"
                + " (expected: the name of a role)",
            "line 24, column 1: extra: unknown key (expected: one of the keys roles, bindings)");
  }

  @Test
  void mistakesInCodeAreListedAtOnceToo() {
    assertThatThrownBy(
            () ->
                Roles.builder()
                    .role("r", Rule.builder().clusters("*").build())
                    .bindUsers("x", "jane")
                    .build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("roles: 5 mistakes")
        .hasMessageContaining("roles[0].rules[0].resources: missing or empty")
        .hasMessageContaining("bindings[0].role: \"x\" (expected: one of the roles r)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "null",
        "[]",
        "text",
        "{}",
        "roles: []\nbindings: []",
        "roles: {}\nbindings: 1",
        "roles: [*x]",
        "roles: &a [*a]\nbindings: *a",
        "? [a]\n: b",
        "roles: !!java.io.File [/etc/passwd]",
        "a: b\n---\nc: d",
        "roles: [\u0000]",
        "\t- x",
        "roles: [}",
      })
  void anythingElseIsRefusedWithTheSourcesName(String text) {
    assertThat(mistakes(text)).startsWith("roles.yaml: ").contains("roles.yaml");
  }

  @Test
  void brokenYamlSaysWhere() {
    assertThat(mistakes("roles:\n  - name: [\n")).startsWith("roles.yaml: not YAML: line ");
  }

  @Test
  void depthSizeAndAliasesAreBounded() {
    assertThat(mistakes("[".repeat(100_000))).contains("nested deeper than 20 levels");
    assertThat(mistakes("#".repeat(1024 * 1024 + 1))).contains("more than 1 MiB");
    assertThat(mistakes("a: &a [x]\nb: [" + "*a, ".repeat(51) + "]")).contains("50 aliases");
    String wide = "x, ".repeat(100_000);
    assertThat(
            mistakes(
                "roles: [{name: r, rules: [{clusters: &c ["
                    + wide
                    + "], namespaces: *c,"
                    + " apiGroups: *c, resources: *c, verbs: *c}]}]"))
        .contains("more than 200000 values");
  }

  @Test
  void listOfMistakesIsBounded() {
    assertThat(mistakes("roles: [" + "1, ".repeat(1_000) + "]\nbindings: [x]"))
        .contains("1001 mistakes")
        .endsWith("and 901 more");
  }

  @Test
  void hostileKeysAndValuesAreShownInPrintableAscii() {
    assertThat(mistakes("\"a\\r\\nb\": 1")).contains("a\\u000d\\u000ab: unknown key");
  }

  @Test
  void unreadableFileIsRefusedByName() throws Exception {
    Path missing = directory.resolve("missing.yaml");
    assertThatThrownBy(() -> Roles.load(missing))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("missing.yaml: cannot be read");
    Path latin1 = Files.write(directory.resolve("latin1.yaml"), new byte[] {(byte) 0xe9});
    assertThatThrownBy(() -> Roles.load(latin1))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("not UTF-8");
  }

  private static String mistakes(String text) {
    return String.valueOf(
        catchThrowableOfType(InvalidException.class, () -> Roles.parse(text, "roles.yaml"))
            .getMessage());
  }
}
