package dev.fairlead.testkit.cluster;

import java.util.Set;

/**
 * What somebody wants to do, in the words of Kubernetes' authorisation.
 *
 * @param user who asks, after impersonation
 * @param groups the groups of that user
 * @param verb verb, such as {@code list}
 * @param apiGroup API group, empty for the core group and for non-resource requests
 * @param resource plural resource name, empty for non-resource requests
 * @param subresource subresource such as {@code exec}, or empty
 * @param namespace namespace, empty for all of them or at cluster scope
 * @param name object name, empty when the request names none
 * @param path request path of a non-resource request, else empty
 */
public record AccessRequest(
    String user,
    Set<String> groups,
    String verb,
    String apiGroup,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path) {}
