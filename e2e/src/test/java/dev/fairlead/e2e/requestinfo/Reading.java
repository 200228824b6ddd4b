package dev.fairlead.e2e.requestinfo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody makes of a request.
 *
 * @param error why nothing is made of it, or empty
 * @param apiPrefix of a resource request; the API server keeps it for a few others, too, where it
 *     means nothing
 */
record Reading(
    String error,
    boolean resourceRequest,
    String path,
    String verb,
    String apiPrefix,
    String apiGroup,
    String apiVersion,
    String namespace,
    String resource,
    String subresource,
    String name,
    List<String> parts,
    String fieldSelector,
    String labelSelector) {

  /** The answer of the API server's code. */
  static Reading of(JsonNode json) {
    List<String> parts = new ArrayList<>();
    json.path("parts").forEach(part -> parts.add(part.asText()));
    boolean resource = json.path("isResourceRequest").asBoolean();
    return new Reading(
        json.path("error").asText(),
        resource,
        json.path("path").asText(),
        json.path("verb").asText(),
        resource ? json.path("apiPrefix").asText() : "",
        json.path("apiGroup").asText(),
        json.path("apiVersion").asText(),
        json.path("namespace").asText(),
        json.path("resource").asText(),
        json.path("subresource").asText(),
        json.path("name").asText(),
        parts,
        json.path("fieldSelector").asText(),
        json.path("labelSelector").asText());
  }

  /**
   * The hub's own.
   *
   * @throws dev.fairlead.core.request.RefusedRequestException if the hub refuses it
   */
  static Reading of(Question question) {
    KubernetesRequest request =
        KubernetesRequest.of(question.method(), RequestTarget.parse(question.target()));
    return new Reading(
        "",
        request.info().isResourceRequest(),
        request.info().path(),
        request.info().verb(),
        request.apiPrefix(),
        request.info().apiGroup(),
        request.info().apiVersion(),
        request.info().namespace(),
        request.info().resource(),
        request.info().subresource(),
        request.info().name(),
        request.parts(),
        request.fieldSelector(),
        request.labelSelector());
  }
}
