package dev.fairlead.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request to a Kubernetes API server asks for, as kube-apiserver's own {@code RequestInfo}
 * understands it. It is parsed once and serves authorisation, audit and metrics alike.
 *
 * @param isResourceRequest whether it names a resource; otherwise only {@code path} and {@code
 *     verb} mean something
 * @param path the decoded path, without the cluster's prefix
 * @param verb Kubernetes' verb, such as {@code list} or {@code watch}; for other than resource
 *     requests the HTTP method in lower case
 * @param apiGroup the API group; empty for the core group
 * @param apiVersion the version in the group, or empty
 * @param namespace the namespace, or empty
 * @param resource the resource in plural, or empty
 * @param subresource the subresource, such as {@code exec}, or empty
 * @param name the object's name, or empty
 */
public record RequestInfo(
    boolean isResourceRequest,
    String path,
    String verb,
    String apiGroup,
    String apiVersion,
    String namespace,
    String resource,
    String subresource,
    String name) {

  /**
   * Checks the parts.
   *
   * @param isResourceRequest whether it names a resource; otherwise only {@code path} and {@code
   *     verb} mean something
   * @param path the decoded path, without the cluster's prefix
   * @param verb Kubernetes' verb, such as {@code list} or {@code watch}; for other than resource
   *     requests the HTTP method in lower case
   * @param apiGroup the API group; empty for the core group
   * @param apiVersion the version in the group, or empty
   * @param namespace the namespace, or empty
   * @param resource the resource in plural, or empty
   * @param subresource the subresource, such as {@code exec}, or empty
   * @param name the object's name, or empty
   */
  public RequestInfo {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(verb, "verb");
    Objects.requireNonNull(apiGroup, "apiGroup");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(subresource, "subresource");
    Objects.requireNonNull(name, "name");
  }

  /**
   * A request for something else than a resource.
   *
   * @param verb the HTTP method in lower case
   * @param path the decoded path
   * @return the info
   */
  public static RequestInfo nonResource(String verb, String path) {
    return new RequestInfo(false, path, verb, "", "", "", "", "", "");
  }

  /**
   * The resource with its subresource, as rules write it.
   *
   * @return such as {@code pods} or {@code pods/exec}; null for other than resource requests
   */
  public @Nullable String resourcePath() {
    if (!isResourceRequest) {
      return null;
    }
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
