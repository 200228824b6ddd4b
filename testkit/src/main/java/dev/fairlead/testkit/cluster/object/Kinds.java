package dev.fairlead.testkit.cluster.object;

import java.util.List;
import java.util.Optional;

/** The kinds the demo cluster serves. */
public final class Kinds {
  public static final Kind NAMESPACE =
      Kind.stored("", "Namespace", "namespaces", false)
          .shortNames("ns")
          .subresources("status", "finalize");
  public static final Kind POD =
      Kind.stored("", "Pod", "pods", true)
          .shortNames("po")
          .categories("all")
          .subresources("status", "log", "exec", "attach", "portforward");
  public static final Kind NODE =
      Kind.stored("", "Node", "nodes", false).shortNames("no").subresources("status");
  public static final Kind CONFIG_MAP =
      Kind.stored("", "ConfigMap", "configmaps", true).shortNames("cm");
  public static final Kind SECRET = Kind.stored("", "Secret", "secrets", true);
  public static final Kind SERVICE =
      Kind.stored("", "Service", "services", true)
          .shortNames("svc")
          .categories("all")
          .subresources("status");
  public static final Kind SERVICE_ACCOUNT =
      Kind.stored("", "ServiceAccount", "serviceaccounts", true).shortNames("sa");
  public static final Kind EVENT = Kind.stored("", "Event", "events", true).shortNames("ev");
  public static final Kind DEPLOYMENT =
      Kind.stored("apps", "Deployment", "deployments", true)
          .shortNames("deploy")
          .categories("all")
          .subresources("status", "scale");
  public static final Kind REPLICA_SET =
      Kind.stored("apps", "ReplicaSet", "replicasets", true)
          .shortNames("rs")
          .categories("all")
          .subresources("status", "scale");
  public static final Kind LEASE = Kind.stored("coordination.k8s.io", "Lease", "leases", true);
  public static final Kind SELF_SUBJECT_REVIEW =
      Kind.review("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews");
  public static final Kind SELF_SUBJECT_REVIEW_BETA =
      Kind.review("authentication.k8s.io", "v1beta1", "SelfSubjectReview", "selfsubjectreviews");
  public static final Kind SELF_SUBJECT_ACCESS_REVIEW =
      Kind.review(
          "authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews");
  public static final Kind SELF_SUBJECT_RULES_REVIEW =
      Kind.review(
          "authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews");

  private static final List<Kind> ALL =
      List.of(
          NAMESPACE,
          POD,
          NODE,
          CONFIG_MAP,
          SECRET,
          SERVICE,
          SERVICE_ACCOUNT,
          EVENT,
          DEPLOYMENT,
          REPLICA_SET,
          LEASE,
          SELF_SUBJECT_REVIEW,
          SELF_SUBJECT_REVIEW_BETA,
          SELF_SUBJECT_ACCESS_REVIEW,
          SELF_SUBJECT_RULES_REVIEW);

  private Kinds() {}

  /** {@return every kind, in discovery order} */
  public static List<Kind> all() {
    return ALL;
  }

  /**
   * Finds a kind by its place in a request path.
   *
   * @param group API group, empty for core
   * @param version API version
   * @param plural resource name
   * @return the kind, if it is served
   */
  public static Optional<Kind> find(String group, String version, String plural) {
    return ALL.stream()
        .filter(k -> k.group().equals(group))
        .filter(k -> k.version().equals(version))
        .filter(k -> k.plural().equals(plural))
        .findFirst();
  }
}
