package dev.fairlead.testkit.cluster.object;

import java.util.List;

/**
 * One served kind: where it lives in the API and what may be done with it.
 *
 * @param group API group, empty for the core group
 * @param version API version, such as {@code v1}
 * @param name the kind's name, such as {@code Pod}
 * @param plural the resource name in paths, such as {@code pods}
 * @param namespaced whether objects live in a namespace
 * @param shortNames abbreviations kubectl accepts
 * @param categories groupings such as {@code all}
 * @param verbs verbs the main resource answers
 * @param subresources names of its subresources
 */
public record Kind(
    String group,
    String version,
    String name,
    String plural,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    List<String> subresources) {

  private static final List<String> STORED =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  static Kind stored(String group, String name, String plural, boolean namespaced) {
    return new Kind(group, "v1", name, plural, namespaced, List.of(), List.of(), STORED, List.of());
  }

  static Kind review(String group, String version, String name, String plural) {
    return new Kind(
        group, version, name, plural, false, List.of(), List.of(), List.of("create"), List.of());
  }

  Kind shortNames(String... names) {
    return new Kind(
        group, version, name, plural, namespaced, List.of(names), categories, verbs, subresources);
  }

  Kind categories(String... names) {
    return new Kind(
        group, version, name, plural, namespaced, shortNames, List.of(names), verbs, subresources);
  }

  Kind subresources(String... names) {
    return new Kind(
        group, version, name, plural, namespaced, shortNames, categories, verbs, List.of(names));
  }

  /** {@return whether objects of this kind are kept; reviews are answered and forgotten} */
  public boolean stored() {
    return verbs.contains("get");
  }

  /** {@return the {@code apiVersion} field of its objects} */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@return the resource as errors name it: {@code deployments.apps}} */
  public String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@return the kind as validation errors name it: {@code Deployment.apps}} */
  public String qualifiedName() {
    return group.isEmpty() ? name : name + "." + group;
  }

  /**
   * {@return the path prefix of the group and version: {@code /api/v1} or {@code /apis/apps/v1}}
   */
  public String rootPath() {
    return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
  }
}
