package dev.fairlead.core.request;

import dev.fairlead.api.RequestInfo;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a request asks of the API server, by the rules of Kubernetes' own resolver ({@code
 * k8s.io/apiserver/pkg/endpoints/request}) with the prefixes {@code api} (core group) and {@code
 * apis}. Absent parts are empty text, as in Kubernetes. Immutable.
 *
 * @param method the HTTP method
 * @param info what is asked, with Kubernetes' verb: for audit and metrics. On list and watch the
 *     name is the one that a {@code fieldSelector} on {@code metadata.name} demands
 * @param apiPrefix {@code api} or {@code apis}, empty for a non-resource request
 * @param parts the path's segments from the resource on
 * @param fieldSelector the raw field selector of a list, watch or deletecollection
 * @param labelSelector the raw label selector of a list, watch or deletecollection
 */
public record KubernetesRequest(
    String method,
    RequestInfo info,
    String apiPrefix,
    List<String> parts,
    String fieldSelector,
    String labelSelector) {

  private static final Set<String> STREAMING_POD_SUBRESOURCES =
      Set.of("exec", "attach", "portforward");
  private static final Set<String> LONG_RUNNING_VERBS = Set.of("watch", "proxy");
  private static final Set<String> LONG_RUNNING_SUBRESOURCES =
      Set.of("attach", "exec", "proxy", "log", "portforward");

  /**
   * Checks and copies the parts.
   *
   * @throws NullPointerException if a part is null
   */
  public KubernetesRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(apiPrefix, "apiPrefix");
    parts = List.copyOf(parts);
    Objects.requireNonNull(fieldSelector, "fieldSelector");
    Objects.requireNonNull(labelSelector, "labelSelector");
  }

  /**
   * Reads a request.
   *
   * <p>{@code GET}, {@code HEAD}, {@code POST}, {@code PUT}, {@code PATCH} and {@code DELETE} are
   * served. {@code OPTIONS} is served for non-resource paths only: for a resource Kubernetes has no
   * verb for it, and a rule with the verb {@code *} would otherwise let it through. Methods are
   * compared with case (RFC 9110, section 9.1).
   *
   * @param method the HTTP method
   * @param target the target as the cluster is to see it, without the part that names the cluster
   * @return what is asked
   * @throws RefusedRequestException with code 405 for any other method, {@code CONNECT} and {@code
   *     TRACE} included; with code 400 for {@code /api/v1/watch} or {@code /api/v1/proxy} without a
   *     resource, or a {@code fieldSelector} that demands a name that is not UTF-8
   */
  public static KubernetesRequest of(String method, RequestTarget target) {
    return new RequestReader(method, target).read();
  }

  /**
   * What is to be authorised: {@link #info()} with another verb where Kubernetes' verb says less
   * than what is done.
   *
   * <ul>
   *   <li>{@code pods/exec}, {@code pods/attach} and {@code pods/portforward} need {@code create},
   *       for the WebSocket {@code GET} as for the SPDY {@code POST};
   *   <li>{@code nodes/proxy} needs {@code create} whatever the method: the kubelet behind it runs
   *       commands in any container of the node for a mere {@code GET}, so a rule meant for reading
   *       ({@code get} on {@code *}) must not reach it. Any other {@code proxy} keeps its verb.
   * </ul>
   *
   * @return the info for an {@link dev.fairlead.api.auth.AccessRequest}
   */
  public RequestInfo forAuthorization() {
    boolean core = info.isResourceRequest() && info.apiGroup().isEmpty();
    boolean intoPod =
        info.resource().equals("pods") && STREAMING_POD_SUBRESOURCES.contains(info.subresource());
    boolean intoNode = info.resource().equals("nodes") && info.subresource().equals("proxy");
    if (!core || !intoPod && !intoNode) {
      return info;
    }
    return new RequestInfo(
        true,
        info.path(),
        "create",
        info.apiGroup(),
        info.apiVersion(),
        info.namespace(),
        info.resource(),
        info.subresource(),
        info.name());
  }

  /**
   * Whether the response may rightly take as long as it likes, by the API server's own list: the
   * verbs {@code watch} and {@code proxy}, the subresources {@code attach}, {@code exec}, {@code
   * log} (followed or not), {@code portforward} and {@code proxy}, and profiling.
   *
   * @return true if no deadline applies
   */
  public boolean isLongRunning() {
    if (info.isResourceRequest()) {
      return LONG_RUNNING_VERBS.contains(info.verb())
          || LONG_RUNNING_SUBRESOURCES.contains(info.subresource());
    }
    return info.path().startsWith("/debug/pprof/");
  }
}
