package dev.fairlead.core.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure of the hub's own as a {@code metav1.Status} of {@code v1}. Sent with {@link
 * #CONTENT_TYPE} and {@code X-Content-Type-Options: nosniff}. Immutable.
 *
 * <p>Nothing is added that was not given: in particular no retry hint, since client-go repeats a
 * request up to ten times when it sees one.
 *
 * @param reason the reason and with it the HTTP status code
 * @param message a sentence for a person; must carry no secret
 * @param details what the failure is about, or null
 */
public record KubernetesStatus(StatusReason reason, String message, @Nullable Details details) {

  /** The content type of {@link #toJson()}. */
  public static final String CONTENT_TYPE = "application/json";

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Checks the parts.
   *
   * @throws NullPointerException if reason or message is null
   */
  public KubernetesStatus {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }

  /**
   * The object a failure is about.
   *
   * @param group the API group, empty for the core group
   * @param kind the resource as it stands in the path, as Kubernetes fills this field
   * @param name the object's name, empty when the request names none
   */
  public record Details(String group, String kind, String name) {
    /**
     * Checks the parts.
     *
     * @throws NullPointerException if a part is null
     */
    public Details {
      Objects.requireNonNull(group, "group");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * A failure without details.
   *
   * @param reason the reason
   * @param message a sentence for a person
   * @return the status
   */
  public static KubernetesStatus of(StatusReason reason, String message) {
    return new KubernetesStatus(reason, message, null);
  }

  /**
   * A refusal worded as the API server words it: {@code pods "web" is forbidden: User …}.
   *
   * @param group the API group, empty for the core group
   * @param resource the resource, empty for a request that names none
   * @param name the object's name, or empty
   * @param why the sentence of the authoriser
   * @return a status with code 403
   */
  public static KubernetesStatus forbidden(String group, String resource, String name, String why) {
    if (resource.isEmpty()) {
      return of(StatusReason.FORBIDDEN, "forbidden: " + why);
    }
    StringBuilder message = new StringBuilder(resource);
    if (!group.isEmpty()) {
      message.append('.').append(group);
    }
    if (!name.isEmpty()) {
      message.append(" \"").append(name).append('"');
    }
    message.append(" is forbidden: ").append(why);
    return new KubernetesStatus(
        StatusReason.FORBIDDEN, message.toString(), new Details(group, resource, name));
  }

  /**
   * The HTTP status code.
   *
   * @return the code of {@link #reason()}
   */
  public int code() {
    return reason.code();
  }

  /**
   * The body, as compact UTF-8 JSON in the field order of the API server.
   *
   * @return a new array
   */
  public byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("kind", "Status");
      json.writeStringField("apiVersion", "v1");
      json.writeObjectFieldStart("metadata");
      json.writeEndObject();
      json.writeStringField("status", "Failure");
      json.writeStringField("message", message);
      writeUnlessEmpty(json, "reason", reason.reason());
      if (details != null) {
        json.writeObjectFieldStart("details");
        writeUnlessEmpty(json, "name", details.name());
        writeUnlessEmpty(json, "group", details.group());
        writeUnlessEmpty(json, "kind", details.kind());
        json.writeEndObject();
      }
      json.writeNumberField("code", code());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  private static void writeUnlessEmpty(JsonGenerator json, String field, String value)
      throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(field, value);
    }
  }
}
