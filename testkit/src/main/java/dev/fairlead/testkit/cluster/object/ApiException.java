package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that failed, with everything a {@code metav1.Status} says about it. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * One cause inside a Status.
   *
   * @param reason machine readable reason
   * @param message what is wrong
   * @param field path of the field, empty when there is none
   */
  public record Cause(String reason, String message, String field) {}

  private final int code;
  private final String reason;
  private final @Nullable ObjectNode details;

  private ApiException(int code, String reason, String message, @Nullable ObjectNode details) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  public static ApiException of(int code, String reason, String message) {
    return new ApiException(code, reason, message, null);
  }

  public static ApiException badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  public static ApiException expired(String message) {
    return of(410, "Expired", message);
  }

  public static ApiException pathNotFound() {
    return of(404, "NotFound", "the server could not find the requested resource");
  }

  public static ApiException notFound(Kind kind, String name) {
    String message = kind.qualifiedPlural() + " \"" + name + "\" not found";
    return new ApiException(404, "NotFound", message, about(kind, name));
  }

  public static ApiException alreadyExists(Kind kind, String name) {
    String message = kind.qualifiedPlural() + " \"" + name + "\" already exists";
    return new ApiException(409, "AlreadyExists", message, about(kind, name));
  }

  public static ApiException conflict(Kind kind, String name, String why) {
    String message =
        "Operation cannot be fulfilled on " + kind.qualifiedPlural() + " \"" + name + "\": " + why;
    return new ApiException(409, "Conflict", message, about(kind, name));
  }

  /** A conflict because the object moved on since the caller read it. */
  public static ApiException stale(Kind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** A conflict between field managers during server-side apply. */
  public static ApiException ownership(String message, List<Cause> causes) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    addCauses(details, causes);
    return new ApiException(409, "Conflict", message, details);
  }

  public static ApiException invalid(Kind kind, String name, List<Cause> causes) {
    StringBuilder text = new StringBuilder();
    for (Cause cause : causes) {
      text.append(text.isEmpty() ? "" : ", ").append(cause.field()).append(": ");
      text.append(cause.message());
    }
    String all = causes.size() > 1 ? "[" + text + "]" : text.toString();
    ObjectNode details = about(kind, name);
    details.put("kind", kind.name());
    addCauses(details, causes);
    String message = kind.qualifiedName() + " \"" + name + "\" is invalid: " + all;
    return new ApiException(422, "Invalid", message, details);
  }

  public static ApiException forbidden(@Nullable Kind kind, String name, String message) {
    return new ApiException(403, "Forbidden", message, kind == null ? null : about(kind, name));
  }

  public int code() {
    return code;
  }

  /** {@return the failure as a {@code metav1.Status}} */
  public ObjectNode toStatus() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    if (details != null) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private static ObjectNode about(Kind kind, String name) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    return details.put("kind", kind.plural());
  }

  private static void addCauses(ObjectNode details, List<Cause> causes) {
    for (Cause cause : causes) {
      ObjectNode entry = details.withArray("causes").addObject();
      entry.put("reason", cause.reason()).put("message", cause.message());
      if (!cause.field().isEmpty()) {
        entry.put("field", cause.field());
      }
    }
  }
}
