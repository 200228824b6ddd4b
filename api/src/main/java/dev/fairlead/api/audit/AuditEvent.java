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
 * One event of the life of a request, or of something else that somebody did or tried at the hub,
 * with the fields of Kubernetes' {@code audit.k8s.io/v1 Event}. It never holds a body, a credential
 * or a header other than the user agent.
 *
 * <p>What is done at the hub itself (administration, enrolment) is told as kube-apiserver would
 * tell it, if these were its resources: {@link #info} names an object of {@link #HUB_GROUP}, such
 * as {@code installtokens}. Such an event has no {@link #method}.
 *
 * @param auditId the request's id, which the cluster's own audit log repeats
 * @param stage how far the request is
 * @param method the HTTP method, or empty if it was no HTTP request
 * @param requestUri path and query as the client sent them, without the cluster's prefix; values
 *     that may be secret are masked
 * @param info what is asked for
 * @param cluster the cluster it is for, or null if none was found or it is for the hub itself
 * @param user who asks, or null if nobody was authenticated
 * @param impersonatedUser who the request runs as instead, or null
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
    RequestInfo info,
    @Nullable ClusterName cluster,
    @Nullable Identity user,
    @Nullable Identity impersonatedUser,
    List<String> sourceIps,
    String userAgent,
    Instant receivedAt,
    Instant at,
    @Nullable Integer responseCode,
    Map<String, String> annotations) {

  /** The API group of the objects that a hub itself keeps, and the prefix of its annotations. */
  public static final String HUB_GROUP = "fairlead.dev";

  /** How far a request is: Kubernetes' audit stages. */
  public enum Stage {
    /** It was received and nothing was sent to the cluster. */
    REQUEST_RECEIVED("RequestReceived"),
    /**
     * The head of a long-running request's response was sent to the client. Comes again, at
     * intervals, for as long as the request runs.
     */
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

  /** What came of a request, as far as an event tells. */
  public enum Outcome {
    /** It goes on. */
    PENDING,
    /** It ended with a status below 400. */
    SUCCEEDED,
    /** It ended with 401 or 403, at the hub or in the cluster. */
    REFUSED,
    /** It ended with another status, or without one. */
    FAILED
  }

  /**
   * Checks and copies the parts.
   *
   * @param auditId the request's id, which the cluster's own audit log repeats
   * @param stage how far the request is
   * @param method the HTTP method, or empty if it was no HTTP request
   * @param requestUri path and query as the client sent them, without the cluster's prefix; values
   *     that may be secret are masked
   * @param info what is asked for
   * @param cluster the cluster it is for, or null if none was found or it is for the hub itself
   * @param user who asks, or null if nobody was authenticated
   * @param impersonatedUser who the request runs as instead, or null
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
    Objects.requireNonNull(info, "info");
    sourceIps = List.copyOf(sourceIps);
    Objects.requireNonNull(userAgent, "userAgent");
    Objects.requireNonNull(receivedAt, "receivedAt");
    Objects.requireNonNull(at, "at");
    annotations = Map.copyOf(annotations);
  }

  /**
   * An event that says no more than this: nobody's, from nowhere, without a status.
   *
   * @param auditId the request's id
   * @param method the HTTP method, or empty if it is no HTTP request
   * @param requestUri path and query, without what may be secret
   * @param info what is asked for
   * @param receivedAt when it was received
   * @return the event of the stage {@link Stage#REQUEST_RECEIVED}
   */
  public static AuditEvent received(
      String auditId, String method, String requestUri, RequestInfo info, Instant receivedAt) {
    return new AuditEvent(
        auditId,
        Stage.REQUEST_RECEIVED,
        method,
        requestUri,
        info,
        null,
        null,
        null,
        List.of(),
        "",
        receivedAt,
        receivedAt,
        null,
        Map.of());
  }

  /**
   * The same for a cluster.
   *
   * @param name the cluster it is for, or null
   * @return a new event
   */
  public AuditEvent on(@Nullable ClusterName name) {
    return new AuditEvent(
        auditId,
        stage,
        method,
        requestUri,
        info,
        name,
        user,
        impersonatedUser,
        sourceIps,
        userAgent,
        receivedAt,
        at,
        responseCode,
        annotations);
  }

  /**
   * The same by somebody.
   *
   * @param asking who asks, or null if nobody was authenticated
   * @param instead who it runs as instead, or null
   * @return a new event
   */
  public AuditEvent by(@Nullable Identity asking, @Nullable Identity instead) {
    return new AuditEvent(
        auditId,
        stage,
        method,
        requestUri,
        info,
        cluster,
        asking,
        instead,
        sourceIps,
        userAgent,
        receivedAt,
        at,
        responseCode,
        annotations);
  }

  /**
   * The same from somewhere.
   *
   * @param sourceIp the address it came from, or empty for a call within the process
   * @param agent what the client calls itself, or empty
   * @return a new event
   */
  public AuditEvent from(String sourceIp, String agent) {
    return new AuditEvent(
        auditId,
        stage,
        method,
        requestUri,
        info,
        cluster,
        user,
        impersonatedUser,
        sourceIp.isEmpty() ? List.of() : List.of(sourceIp),
        agent,
        receivedAt,
        at,
        responseCode,
        annotations);
  }

  /**
   * The same request, further on.
   *
   * @param reached the stage
   * @param when when it was reached
   * @param code the HTTP status, or null if there is none
   * @param facts the annotations, in place of those before
   * @return a new event
   */
  public AuditEvent reached(
      Stage reached, Instant when, @Nullable Integer code, Map<String, String> facts) {
    return new AuditEvent(
        auditId,
        reached,
        method,
        requestUri,
        info,
        cluster,
        user,
        impersonatedUser,
        sourceIps,
        userAgent,
        receivedAt,
        when,
        code,
        facts);
  }

  /**
   * What came of it.
   *
   * @return {@link Outcome#PENDING} unless the stage is a last one
   */
  public Outcome outcome() {
    return switch (stage) {
      case REQUEST_RECEIVED, RESPONSE_STARTED -> Outcome.PENDING;
      case PANIC -> Outcome.FAILED;
      case RESPONSE_COMPLETE -> {
        Integer code = responseCode;
        if (code == null) {
          yield Outcome.FAILED;
        }
        yield code == 401 || code == 403
            ? Outcome.REFUSED
            : code < 400 ? Outcome.SUCCEEDED : Outcome.FAILED;
      }
    };
  }
}
