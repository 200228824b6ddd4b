package dev.fairlead.core.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.BearerToken;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Kubeconfigs that are made, and merged into what is there. */
class KubeconfigTest {

  private static final String PEM =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  /** What somebody has before they meet a hub. */
  private static final String THEIRS =
      """
      # my clusters
      apiVersion: v1
      kind: Config
      clusters:
      - cluster:
          server: https://10.0.0.1:6443 # at home
          insecure-skip-tls-verify: true
        name: home
      users:
      - name: me
        user:
          username: 0123
          password: "yes"
      contexts:
      - context: {cluster: home, user: me, namespace: on}
        name: home
      current-context: home
      preferences: {}
      x-mine: 1.10
      """;

  private static HubAccess access(String... clusters) {
    return access(
        new KubeconfigUser.Exec("fairlead", List.of("credential", "--hub", "https://hub:8443"), ""),
        clusters);
  }

  private static HubAccess access(KubeconfigUser user, String... clusters) {
    Map<ClusterName, URI> servers = new LinkedHashMap<>();
    for (String name : clusters) {
      servers.put(ClusterName.of(name), URI.create("https://hub:8443/clusters/" + name));
    }
    return new HubAccess("hub:8443", servers, PEM, user);
  }

  private static Map<?, ?> load(Kubeconfig kubeconfig) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(kubeconfig.toYaml());
  }

  private static List<Object> names(Kubeconfig kubeconfig, String list) {
    return ((List<?>) load(kubeconfig).get(list))
        .stream().<Object>map(one -> ((Map<?, ?>) one).get("name")).toList();
  }

  @Test
  void wholeKubeconfigIsMade() {
    Kubeconfig made = Kubeconfig.empty().with(access("dev", "prod"));
    assertThat(made.toYaml())
        .isEqualTo(
            """
            apiVersion: v1
            kind: Config
            clusters:
            - name: fairlead:hub:8443/dev
              cluster:
                server: https://hub:8443/clusters/dev
                certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
            - name: fairlead:hub:8443/prod
              cluster:
                server: https://hub:8443/clusters/prod
                certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
            users:
            - name: fairlead:hub:8443
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: fairlead
                  args:
                  - credential
                  - "--hub"
                  - https://hub:8443
                  interactiveMode: Never
                  provideClusterInfo: false
            contexts:
            - name: dev
              context:
                cluster: fairlead:hub:8443/dev
                user: fairlead:hub:8443
            - name: prod
              context:
                cluster: fairlead:hub:8443/prod
                user: fairlead:hub:8443
            current-context: dev
            """);
  }

  @Test
  void whatIsTheirsStaysWordByWord() {
    String merged = Kubeconfig.parse(THEIRS, "config").with(access("dev")).toYaml();
    assertThat(merged.lines().toList()).containsSubsequence(THEIRS.lines().toList());
  }

  @Test
  void mergingAgainChangesNothing() {
    Kubeconfig once = Kubeconfig.parse(THEIRS, "config").with(access("dev", "prod"));
    Kubeconfig read = Kubeconfig.parse(once.toYaml(), "config");
    assertThat(read.with(access("dev", "prod"))).isSameAs(read);
    assertThat(read.with(access("prod", "dev")).toYaml()).isEqualTo(once.toYaml());
  }

  @Test
  void spellingOfKubectlIsNoChange() {
    String made = Kubeconfig.empty().with(access("dev")).toYaml();
    String rewritten =
        made.replace("      command: fairlead\n", "      command: fairlead\n      env: null\n")
            .replace("\"--hub\"", "--hub");
    assertThat(rewritten).isNotEqualTo(made);
    Kubeconfig read = Kubeconfig.parse(rewritten, "config");
    assertThat(read.with(access("dev"))).isSameAs(read);
  }

  @Test
  void clustersComeAndGo() {
    Kubeconfig before = Kubeconfig.parse(THEIRS, "config").with(access("dev", "prod"));
    Kubeconfig after = before.with(access("prod", "staging"));
    assertThat(names(after, "clusters"))
        .containsExactly("home", "fairlead:hub:8443/prod", "fairlead:hub:8443/staging");
    assertThat(names(after, "contexts")).containsExactly("home", "prod", "staging");
    assertThat(names(after, "users")).containsExactly("me", "fairlead:hub:8443");
    assertThat(after.currentContext()).isEqualTo("home");
  }

  @Test
  void currentContextThatGoesIsFollowedByAnother() {
    Kubeconfig before = Kubeconfig.empty().with(access("dev", "prod"));
    assertThat(before.currentContext()).isEqualTo("dev");
    assertThat(before.with(access("prod")).currentContext()).isEqualTo("prod");
    assertThat(before.with(access()).currentContext()).isEmpty();
  }

  @Test
  void otherHubsAreLeftAlone() {
    HubAccess other =
        new HubAccess(
            "hub:8444",
            Map.of(ClusterName.of("dev"), URI.create("https://hub:8444/clusters/dev")),
            null,
            new KubeconfigUser.Exec("fairlead", List.of(), ""));
    Kubeconfig both = Kubeconfig.empty().with(access("dev")).with(other);
    assertThat(names(both, "contexts")).containsExactly("dev", "dev@hub:8444");
    assertThat(names(both.with(access()), "clusters")).containsExactly("fairlead:hub:8444/dev");
    assertThat(both.contexts(other)).containsEntry(ClusterName.of("dev"), "dev@hub:8444");
  }

  @Test
  void contextOfSomethingElseKeepsItsName() {
    String theirs = THEIRS.replace("name: home", "name: dev");
    Kubeconfig merged = Kubeconfig.parse(theirs, "config").with(access("dev"));
    assertThat(names(merged, "contexts")).containsExactly("dev", "dev@hub:8443");
  }

  @Test
  void whatTheUserSetInOurContextsStays() {
    String changed =
        Kubeconfig.empty()
            .with(access("dev"))
            .toYaml()
            .replace("- name: dev\n", "- name: mine\n")
            .replace(
                "    user: fairlead:hub:8443\n",
                "    user: fairlead:hub:8443\n    namespace: web\n")
            .replace("    server:", "    proxy-url: http://proxy\n    server:")
            .replace("current-context: dev", "current-context: mine");
    Kubeconfig merged = Kubeconfig.parse(changed, "config").with(access("dev", "prod"));
    assertThat(merged.toYaml()).contains("namespace: web", "proxy-url: http://proxy");
    assertThat(names(merged, "contexts")).containsExactly("mine", "prod");
    assertThat(merged.currentContext()).isEqualTo("mine");
  }

  @Test
  void addressAndAuthorityAreBroughtUpToDate() {
    Kubeconfig before = Kubeconfig.empty().with(access("dev"));
    HubAccess moved =
        new HubAccess(
            "hub:8443",
            Map.of(ClusterName.of("dev"), URI.create("https://dev.hub:8443")),
            null,
            new KubeconfigUser.Token(BearerToken.of("secret")));
    String after = before.with(moved).toYaml();
    assertThat(after)
        .contains("server: https://dev.hub:8443", "token: secret")
        .doesNotContain("certificate-authority", "exec", "/clusters/");
    assertThat(before.with(moved).toString() + moved).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "no", "y", "123", "1e3", "0x1f", "true", "null", "0o7"})
  void namesThatLookLikeSomethingElseStayText(String name) {
    Kubeconfig made = Kubeconfig.empty().with(access(name));
    assertThat(names(made, "contexts")).containsExactly(name);
    assertThat(made.toYaml()).contains("- name: \"" + name + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "# nothing yet\n",
        "apiVersion: v1\nclusters: null\ncontexts: []\ncurrent-context: \"\"\nkind: Config\npreferences: {}\nusers: null\n",
        "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"clusters\":[],\"users\":[],\"contexts\":[]}"
      })
  void emptyOnesAreFilled(String yaml) {
    Kubeconfig merged = Kubeconfig.parse(yaml, "config").with(access("dev"));
    assertThat(names(merged, "contexts")).containsExactly("dev");
    assertThat(names(merged, "clusters")).hasSize(1);
    assertThat(merged.currentContext()).isEqualTo("dev");
    Kubeconfig again = Kubeconfig.parse(merged.toYaml(), "config");
    assertThat(again.with(access("dev"))).isSameAs(again);
    assertThat(merged.toYaml().contains("# nothing yet")).isEqualTo(yaml.contains("#"));
  }

  @Test
  void aliasesKeepTheirMeaning() {
    String shared =
        """
        clusters:
        - name: fairlead:hub:8443/dev
          cluster: &c {server: https://old}
        - name: home
          cluster: *c
        """;
    Kubeconfig merged = Kubeconfig.parse(shared, "config").with(access("dev"));
    Map<?, ?> home = (Map<?, ?>) ((List<?>) load(merged).get("clusters")).get(1);
    assertThat(home.get("cluster")).isEqualTo(Map.of("server", "https://old"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- a list",
        "just text",
        "clusters: {a: b}",
        "contexts: 7",
        "token: secret\n  bad: [",
        "a: 1\n---\nb: 2",
        "\tx: secret"
      })
  void whatIsNoneIsRefusedWithoutItsText(String yaml) {
    assertThatThrownBy(() -> Kubeconfig.parse(yaml, "the file"))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("the file")
        .hasMessageContaining("expected")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Kubeconfig.parse("[".repeat(10_000), "the file"))
        .isInstanceOf(InvalidException.class);
  }

  @Test
  void accessThatIsWrongSaysAllThatIs() {
    assertThatThrownBy(
            () ->
                new HubAccess(
                    "hub/x",
                    Map.of(ClusterName.of("dev"), URI.create("http://hub")),
                    "no pem",
                    new KubeconfigUser.Exec("fairlead", List.of(), "")))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("hub: ", "dev: http://hub", "caPem: ");
  }
}
