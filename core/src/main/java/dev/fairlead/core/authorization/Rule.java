package dev.fairlead.core.authorization;

import java.util.List;

/**
 * What one rule of a role allows, in the words of a Kubernetes {@code PolicyRule}, and on which
 * clusters. A rule is either about resources or about non-resource URLs; every list it needs must
 * be given, since an absent one allows nothing. Checked when the {@link Roles} are built.
 * Immutable.
 *
 * @param clusters names, {@code prefix*}, or {@code *} for all
 * @param namespaces names, {@code prefix*}, or {@code *} for all; only {@code *} also covers
 *     cluster-scoped resources and requests across all namespaces
 * @param apiGroups groups, {@code ""} for the core group, or {@code *} for all
 * @param resources {@code pods} (without subresources), {@code pods/log}, {@code pods/*} (every
 *     subresource, not the pods themselves), {@code *}{@code /scale} (that subresource of all), or
 *     {@code *} for all resources and subresources
 * @param resourceNames names of objects, empty for all; with names given, requests that name no
 *     object (such as a plain list or a create) do not match
 * @param nonResourceUrls paths, {@code /prefix*}, or {@code *} for all
 * @param verbs Kubernetes verbs, for URLs HTTP methods in lower case, or {@code *} for all; {@code
 *     impersonate} is never granted
 */
public record Rule(
    List<String> clusters,
    List<String> namespaces,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls,
    List<String> verbs) {

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if a list or an element is null
   */
  public Rule {
    clusters = List.copyOf(clusters);
    namespaces = List.copyOf(namespaces);
    apiGroups = List.copyOf(apiGroups);
    resources = List.copyOf(resources);
    resourceNames = List.copyOf(resourceNames);
    nonResourceUrls = List.copyOf(nonResourceUrls);
    verbs = List.copyOf(verbs);
  }

  /**
   * Starts a rule in which every list is empty.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link Rule}. Each method replaces its list. Not safe for use by several threads. */
  public static final class Builder {

    private List<String> clusters = List.of();
    private List<String> namespaces = List.of();
    private List<String> apiGroups = List.of();
    private List<String> resources = List.of();
    private List<String> resourceNames = List.of();
    private List<String> nonResourceUrls = List.of();
    private List<String> verbs = List.of();

    private Builder() {}

    /**
     * The clusters.
     *
     * @param values see {@link Rule#clusters()}
     * @return this
     */
    public Builder clusters(String... values) {
      clusters = List.of(values);
      return this;
    }

    /**
     * The namespaces.
     *
     * @param values see {@link Rule#namespaces()}
     * @return this
     */
    public Builder namespaces(String... values) {
      namespaces = List.of(values);
      return this;
    }

    /**
     * The API groups.
     *
     * @param values see {@link Rule#apiGroups()}
     * @return this
     */
    public Builder apiGroups(String... values) {
      apiGroups = List.of(values);
      return this;
    }

    /**
     * The resources.
     *
     * @param values see {@link Rule#resources()}
     * @return this
     */
    public Builder resources(String... values) {
      resources = List.of(values);
      return this;
    }

    /**
     * The names of objects.
     *
     * @param values see {@link Rule#resourceNames()}
     * @return this
     */
    public Builder resourceNames(String... values) {
      resourceNames = List.of(values);
      return this;
    }

    /**
     * The non-resource URLs.
     *
     * @param values see {@link Rule#nonResourceUrls()}
     * @return this
     */
    public Builder nonResourceUrls(String... values) {
      nonResourceUrls = List.of(values);
      return this;
    }

    /**
     * The verbs.
     *
     * @param values see {@link Rule#verbs()}
     * @return this
     */
    public Builder verbs(String... values) {
      verbs = List.of(values);
      return this;
    }

    /**
     * Builds the rule.
     *
     * @return the rule, not yet checked
     */
    public Rule build() {
      return new Rule(
          clusters, namespaces, apiGroups, resources, resourceNames, nonResourceUrls, verbs);
    }
  }
}
