package dev.fairlead.core.authorization;

import java.util.List;
import java.util.Objects;

/**
 * What one rule of a role allows or denies, in the words of a Kubernetes {@code PolicyRule}, and on
 * which clusters. A rule is either about resources or about non-resource URLs; every list it needs
 * must be given, since an absent one means nothing. Checked when the {@link Roles} are built.
 * Immutable.
 *
 * <p>A denial wins over whatever is allowed. So that it cannot be got around, it covers every
 * request that may touch what it denies: with namespaces given, also a list, watch or
 * deletecollection over all namespaces; with resource names given, also requests that name no
 * object.
 *
 * @param effect whether it allows or denies
 * @param clusters names, {@code prefix*}, or {@code *} for all; may be left out beside a selector
 * @param clusterSelector the clusters' labels, as {@code kubectl --selector} takes them, such as
 *     {@code tier=edge,env in (dev, test),!legacy}; empty for any
 * @param namespaces names, {@code prefix*}, or {@code *} for all; only {@code *} also allows
 *     cluster-scoped resources and requests across all namespaces
 * @param apiGroups groups, {@code ""} for the core group, or {@code *} for all
 * @param resources {@code pods} (without subresources), {@code pods/log}, {@code pods/*} (every
 *     subresource, not the pods themselves), {@code *}{@code /scale} (that subresource of all), or
 *     {@code *} for all resources and subresources
 * @param resourceNames names of objects, empty for all; with names given, requests that name no
 *     object (such as a plain list or a create) are not allowed
 * @param nonResourceUrls paths, {@code /prefix*}, or {@code *} for all
 * @param verbs Kubernetes verbs, for URLs HTTP methods in lower case, or {@code *} for all but
 *     {@code impersonate}, which has to be named; and these words, which are about the subresources
 *     of the resources that are given: {@code logs}, {@code exec}, {@code attach}, {@code
 *     port-forward} and {@code proxy}
 * @param when when and from where it counts
 */
public record Rule(
    Effect effect,
    List<String> clusters,
    String clusterSelector,
    List<String> namespaces,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls,
    List<String> verbs,
    Condition when) {

  /** What a rule does to the requests it covers. */
  public enum Effect {
    /** They may go on, unless a rule denies them. */
    ALLOW,
    /** They are refused. */
    DENY
  }

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if a part or an element is null
   */
  public Rule {
    Objects.requireNonNull(effect, "effect");
    clusters = List.copyOf(clusters);
    Objects.requireNonNull(clusterSelector, "clusterSelector");
    namespaces = List.copyOf(namespaces);
    apiGroups = List.copyOf(apiGroups);
    resources = List.copyOf(resources);
    resourceNames = List.copyOf(resourceNames);
    nonResourceUrls = List.copyOf(nonResourceUrls);
    verbs = List.copyOf(verbs);
    Objects.requireNonNull(when, "when");
  }

  /**
   * Starts a rule that allows, in which every list is empty.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder(Effect.ALLOW);
  }

  /**
   * Starts a rule that denies, in which every list is empty.
   *
   * @return a builder
   */
  public static Builder denial() {
    return new Builder(Effect.DENY);
  }

  boolean denies() {
    return effect == Effect.DENY;
  }

  boolean isAboutResources() {
    return nonResourceUrls.isEmpty();
  }

  /** Builds a {@link Rule}. Each method replaces its part. Not safe for use by several threads. */
  public static final class Builder {

    private final Effect effect;
    private List<String> clusters = List.of();
    private String clusterSelector = "";
    private List<String> namespaces = List.of();
    private List<String> apiGroups = List.of();
    private List<String> resources = List.of();
    private List<String> resourceNames = List.of();
    private List<String> nonResourceUrls = List.of();
    private List<String> verbs = List.of();
    private Condition when = Condition.NONE;

    private Builder(Effect effect) {
      this.effect = effect;
    }

    /**
     * The clusters, by name.
     *
     * @param values see {@link Rule#clusters()}
     * @return this
     */
    public Builder clusters(String... values) {
      clusters = List.of(values);
      return this;
    }

    /**
     * The clusters, by label.
     *
     * @param value see {@link Rule#clusterSelector()}
     * @return this
     */
    public Builder clusterSelector(String value) {
      clusterSelector = value;
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
     * When and from where it counts.
     *
     * @param value see {@link Rule#when()}
     * @return this
     */
    public Builder when(Condition value) {
      when = value;
      return this;
    }

    /**
     * Builds the rule.
     *
     * @return the rule, not yet checked
     */
    public Rule build() {
      return new Rule(
          effect,
          clusters,
          clusterSelector,
          namespaces,
          apiGroups,
          resources,
          resourceNames,
          nonResourceUrls,
          verbs,
          when);
    }
  }
}
