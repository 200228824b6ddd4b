package dev.fairlead.core.authorization;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at one rule for what has no effect, and for what has more effect than it seems to. */
final class RuleLint {

  private static final Set<String> WRITES = Set.of("create", "update", "patch");
  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "nodes",
          "persistentvolumes",
          "clusterroles",
          "clusterrolebindings",
          "storageclasses",
          "customresourcedefinitions",
          "priorityclasses",
          "certificatesigningrequests",
          "users",
          "groups",
          "uids",
          "userextras");
  private static final Map<String, String> GROUP_OF =
      Map.ofEntries(
          Map.entry("deployments", "apps"),
          Map.entry("statefulsets", "apps"),
          Map.entry("daemonsets", "apps"),
          Map.entry("replicasets", "apps"),
          Map.entry("jobs", "batch"),
          Map.entry("cronjobs", "batch"),
          Map.entry("ingresses", "networking.k8s.io"),
          Map.entry("networkpolicies", "networking.k8s.io"),
          Map.entry("roles", "rbac.authorization.k8s.io"),
          Map.entry("rolebindings", "rbac.authorization.k8s.io"),
          Map.entry("clusterroles", "rbac.authorization.k8s.io"),
          Map.entry("clusterrolebindings", "rbac.authorization.k8s.io"),
          Map.entry("horizontalpodautoscalers", "autoscaling"),
          Map.entry("poddisruptionbudgets", "policy"),
          Map.entry("leases", "coordination.k8s.io"),
          Map.entry("storageclasses", "storage.k8s.io"),
          Map.entry("uids", "authentication.k8s.io"),
          Map.entry("userextras", "authentication.k8s.io"));
  private static final Set<String> CORE =
      Set.of(
          "pods",
          "services",
          "secrets",
          "configmaps",
          "nodes",
          "namespaces",
          "serviceaccounts",
          "persistentvolumes",
          "persistentvolumeclaims",
          "users",
          "groups");

  private final Rule rule;
  private final String key;
  private final List<Finding> findings;
  private final Set<String> verbs;

  RuleLint(Rule rule, String key, List<Finding> findings) {
    this.rule = rule;
    this.key = key;
    this.findings = findings;
    this.verbs = new HashSet<>(rule.verbs());
  }

  void examine() {
    if (!rule.isAboutResources()) {
      return;
    }
    for (int i = 0; i < rule.resources().size(); i++) {
      ResourcePattern entry = ResourcePattern.of(rule.resources().get(i));
      String entryKey = key + ".resources[" + i + "]";
      examineGroup(entry, entryKey);
      examineScope(entry, entryKey);
      examineVerb(entry, entryKey);
      if (!rule.denies()) {
        examineReach(entry, entryKey);
      }
    }
    examineNames();
    if (rule.denies()) {
      examineDenial();
    } else {
      examineImpersonation();
    }
  }

  private void examineGroup(ResourcePattern entry, String entryKey) {
    String group =
        GROUP_OF.getOrDefault(entry.resource(), CORE.contains(entry.resource()) ? "" : null);
    if (group == null) {
      return;
    }
    if (!Patterns.withPrefixes(rule.apiGroups()).match(group)) {
      never(
          entryKey,
          entry.resource()
              + " are in the group "
              + Mistakes.quoted(group)
              + ", which is not among apiGroups",
          "add the group");
    } else if (!rule.denies() && rule.apiGroups().contains(Patterns.ANY)) {
      more(
          entryKey,
          "in every API group there may be a resource of this name",
          "name the group: apiGroups: [" + Mistakes.quoted(group) + "]");
    }
  }

  private void examineScope(ResourcePattern entry, String entryKey) {
    if (CLUSTER_SCOPED.contains(entry.resource()) && !rule.namespaces().contains(Patterns.ANY)) {
      never(
          entryKey,
          entry.resource() + " are in no namespace",
          "give a rule of their own the namespaces [\"*\"]");
    }
  }

  /** What is asked for exec and the like is create, whatever kubectl's protocol. */
  private void examineVerb(ResourcePattern entry, String entryKey) {
    boolean stream = Set.of("exec", "attach", "portforward").contains(entry.subresource());
    boolean asked = verbs.contains(Patterns.ANY) || verbs.contains("create");
    boolean byWord = verbs.stream().map(Word::of).anyMatch(w -> w != null && w.on(entry) != null);
    if (stream && !asked && !byWord) {
      never(entryKey, "for " + entry.subresource() + " the verb is create", "add the verb create");
    }
  }

  private void examineReach(ResourcePattern entry, String entryKey) {
    boolean star = verbs.contains(Patterns.ANY);
    boolean creates = star || verbs.contains("create");
    boolean core = Patterns.withPrefixes(rule.apiGroups()).match("");
    if (core && creates && entry.matches("pods", "exec") && !entry.subresource().equals("exec")) {
      more(entryKey, "it includes pods/exec, which runs commands", "name the subresources");
    }
    if (core
        && (creates || verbs.contains("proxy"))
        && (entry.matches("nodes", "proxy")
            || verbs.contains("proxy") && entry.matches("nodes", ""))) {
      more(
          entryKey,
          "it includes nodes/proxy, which runs commands in any container of the node",
          "name the resources, without nodes and nodes/proxy");
    }
    if (core && (star || verbs.contains("get") || verbs.contains("list")) && entry.isEverything()) {
      more(entryKey, "it includes secrets, with the tokens in them", "name the resources");
    }
    if (creates && core && entry.matches("serviceaccounts", "token")) {
      more(
          entryKey,
          "it includes serviceaccounts/token, which makes its user any service account",
          "name the subresources");
    }
    boolean writes = star || verbs.stream().anyMatch(WRITES::contains);
    boolean rbac = Patterns.withPrefixes(rule.apiGroups()).match("rbac.authorization.k8s.io");
    if (writes
        && rbac
        && (entry.matches("rolebindings", "") || entry.matches("clusterrolebindings", ""))) {
      more(
          entryKey,
          "who writes role bindings gives rights in the cluster, as far as its own RBAC lets them"
              + " bind and escalate",
          "leave out rbac.authorization.k8s.io, or mean it");
    }
  }

  private void examineNames() {
    if (rule.resourceNames().isEmpty() || rule.denies()) {
      return;
    }
    if (verbs.contains("create") && rule.resources().stream().noneMatch(r -> r.contains("/"))) {
      never(
          key + ".resourceNames",
          "a create names no object, so none is allowed",
          "allow create by a rule without resourceNames");
    }
    if (verbs.contains("deletecollection")) {
      never(
          key + ".resourceNames",
          "a deletecollection names no object, so none is allowed",
          "leave out deletecollection");
    }
    if (verbs.contains("list") || verbs.contains("watch")) {
      findings.add(
          new Finding(
              Finding.Kind.NEVER_MATCHES,
              key + ".resourceNames",
              "list and watch are allowed only with fieldSelector=metadata.name=<name>",
              "tell the users, or leave out list and watch"));
    }
  }

  private void examineDenial() {
    Set<String> named = new HashSet<>(verbs);
    named.retainAll(READS);
    if (!verbs.contains(Patterns.ANY) && !named.isEmpty() && named.size() < READS.size()) {
      findings.add(
          new Finding(
              Finding.Kind.DENIES_LESS,
              key + ".verbs",
              "get, list and watch show the same, and only "
                  + String.join(", ", named)
                  + " is denied",
              "deny all three"));
    }
    for (int i = 0; i < rule.resources().size(); i++) {
      String entry = rule.resources().get(i);
      boolean subresources =
          entry.contains("/")
              || entry.equals(Patterns.ANY)
              || rule.resources().contains(entry + "/*");
      if (verbs.contains(Patterns.ANY) && !subresources) {
        findings.add(
            new Finding(
                Finding.Kind.DENIES_LESS,
                key + ".resources[" + i + "]",
                "the subresources of " + entry + " are not denied",
                "add " + entry + "/*"));
      }
    }
  }

  private void examineImpersonation() {
    if (!verbs.contains(Question.IMPERSONATE)) {
      return;
    }
    if (rule.resourceNames().isEmpty()) {
      more(
          key + ".verbs",
          "without resourceNames its users may act as anybody, with whatever rights they have",
          "name users and groups in resourceNames");
    }
    if (verbs.size() > 1) {
      more(
          key + ".verbs",
          "impersonate stands beside verbs that are about objects",
          "give it a rule of its own");
    }
  }

  private void never(String where, String message, String advice) {
    findings.add(new Finding(Finding.Kind.NEVER_MATCHES, where, message, advice));
  }

  private void more(String where, String message, String advice) {
    findings.add(new Finding(Finding.Kind.GRANTS_MORE, where, message, advice));
  }
}
