package dev.fairlead.api.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a request's life, with the fields of Kubernetes' {@code audit.k8s.io/v1 Event}. It
 * never holds a body, a credential or a header other than the user agent.
 *
 * @param auditId the request's id, which the cluster's own audit log repeats
 * @param stage how far the request is
 * @param method the HTTP method
 * @param requestUri path and query as the client sent them, without the cluster's prefix
 * @param cluster the cluster it is for
 * @param identity who asks
 * @param info what is asked for
 * @param sourceIps where it came from, nearest last
 * @param userAgent what the client calls itself, or empty
 * @param receivedAt when the request was received
 * @param at when this stage was reached
 * @param responseCode the HTTP status, or null if there is none yet
 * @param annotations further facts by key, such as the decision's role and rule
 */
public record AuditEvent(
    String auditId,
    Stage stage,
    String method,
    String requestUri,
    ClusterName cluster,
    Identity identity,
    RequestInfo info,
    List<String> sourceIps,
    String userAgent,
    Instant receivedAt,
    Instant at,
    @Nullable Integer responseCode,
    Map<String, String> annotations) {

  /** How far a request is: Kubernetes' audit stages. */
  public enum Stage {
    /** It was received and nothing was sent to the cluster. */
    REQUEST_RECEIVED("RequestReceived"),
    /** The head of a long-running request's response was sent to the client. */
    RESPONSE_STARTED("ResponseStarted"),
    /** It is over. */
    RESPONSE_COMPLETE("ResponseComplete"),
    /** It ended by a failure inside the hub. */
    PANIC("Panic");

    private final String kubernetesName;

    Stage(String kubernetesName) {
      this.kubernetesName = kubernetesName;
    }

    /**
     * The name in {@code audit.k8s.io/v1}.
     *
     * @return such as {@code RequestReceived}
     */
    public String kubernetesName() {
      return kubernetesName;
    }
  }

  /**
   * Checks and copies the parts.
   *
   * @param auditId the request's id, which the cluster's own audit log repeats
   * @param stage how far the request is
   * @param method the HTTP method
   * @param requestUri path and query as the client sent them, without the cluster's prefix
   * @param cluster the cluster it is for
   * @param identity who asks
   * @param info what is asked for
   * @param sourceIps where it came from, nearest last
   * @param userAgent what the client calls itself, or empty
   * @param receivedAt when the request was received
   * @param at when this stage was reached
   * @param responseCode the HTTP status, or null if there is none yet
   * @param annotations further facts by key, such as the decision's role and rule
   */
  public AuditEvent {
    Objects.requireNonNull(auditId, "auditId");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(requestUri, "requestUri");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(info, "info");
    sourceIps = List.copyOf(sourceIps);
    Objects.requireNonNull(userAgent, "userAgent");
    Objects.requireNonNull(receivedAt, "receivedAt");
    Objects.requireNonNull(at, "at");
    annotations = Map.copyOf(annotations);
  }
}
