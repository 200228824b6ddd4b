package dev.fairlead.core.status;

/**
 * Why the hub itself ended a request, as Kubernetes names it: the HTTP status code together with
 * the machine-readable {@code reason} of a {@code metav1.Status}.
 */
public enum StatusReason {
  /** 400: the request could not be understood. */
  BAD_REQUEST(400, "BadRequest"),
  /** 401: no identity, or one that was not accepted. */
  UNAUTHORIZED(401, "Unauthorized"),
  /** 403: a known identity without the right. */
  FORBIDDEN(403, "Forbidden"),
  /** 404: no such cluster or path. */
  NOT_FOUND(404, "NotFound"),
  /** 405: a method that is not served. */
  METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
  /** 409: the state has moved on. */
  CONFLICT(409, "Conflict"),
  /** 413: a body above the limit. */
  REQUEST_ENTITY_TOO_LARGE(413, "RequestEntityTooLarge"),
  /** 429: a limit on concurrency or rate was reached. */
  TOO_MANY_REQUESTS(429, "TooManyRequests"),
  /** 431: a header list above the limit; Kubernetes has no reason of its own for it. */
  REQUEST_HEADER_FIELDS_TOO_LARGE(431, ""),
  /** 500: a fault in the hub. */
  INTERNAL_ERROR(500, "InternalError"),
  /** 502: the cluster answered with what must not be relayed; client-go reads any such 5xx so. */
  BAD_GATEWAY(502, "InternalError"),
  /** 503: the cluster is offline, or the hub is draining. */
  SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
  /** 504: no answer in time. */
  TIMEOUT(504, "Timeout");

  private final int code;
  private final String reason;

  StatusReason(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /**
   * The HTTP status code.
   *
   * @return a code from 400 to 504
   */
  public int code() {
    return code;
  }

  /**
   * The {@code reason} as Kubernetes spells it.
   *
   * @return the reason, empty where Kubernetes knows none
   */
  public String reason() {
    return reason;
  }
}
