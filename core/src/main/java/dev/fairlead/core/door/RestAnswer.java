package dev.fairlead.core.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.FairleadException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What pages answer. The door adds the length and the fields that keep browsers from doing more
 * with it than showing it; unless the answer says otherwise, nobody may store it. Immutable.
 */
public final class RestAnswer {

  /** The content type of a problem (RFC 9457). */
  public static final String PROBLEM = "application/problem+json";

  private static final JsonFactory JSON = new JsonFactory();

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private RestAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * An answer with a body.
   *
   * @param status 200 to 599
   * @param contentType of the body
   * @param body the bytes, the answer's own from now on
   * @return the answer
   */
  public static RestAnswer of(int status, String contentType, byte[] body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200-599)");
    }
    return new RestAnswer(
        status,
        Map.of("content-type", Objects.requireNonNull(contentType, "contentType")),
        Objects.requireNonNull(body, "body"));
  }

  /**
   * An answer in JSON.
   *
   * @param status 200 to 599
   * @param json the text
   * @return the answer
   */
  public static RestAnswer json(int status, String json) {
    return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Done, and nothing to say: 204.
   *
   * @return the answer
   */
  public static RestAnswer nothing() {
    return new RestAnswer(204, Map.of(), new byte[0]);
  }

  /**
   * A problem (RFC 9457) whose type is {@code about:blank}.
   *
   * @param status 400 to 599
   * @param detail what was found and what was expected, without secrets
   * @return the answer
   */
  public static RestAnswer problem(int status, String detail) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written to", e);
    }
    RestAnswer answer = of(status, PROBLEM, out.toString().getBytes(StandardCharsets.UTF_8));
    return status == 401 ? answer.with("www-authenticate", "Bearer") : answer;
  }

  /**
   * The problem that fits a failure.
   *
   * @param failure what happened
   * @return the answer, with the failure's own message
   */
  public static RestAnswer problem(FairleadException failure) {
    return problem(
        switch (failure.code()) {
          case INVALID -> 400;
          case UNAUTHENTICATED -> 401;
          case FORBIDDEN -> 403;
          case NOT_FOUND -> 404;
          case CONFLICT -> 409;
          case LIMIT -> 429;
          case OFFLINE, TRANSPORT -> 503;
          case TIMEOUT -> 504;
        },
        failure.getMessage());
  }

  /**
   * The same with another field.
   *
   * @param name the field's name; what it was before does not count any more
   * @param value its value
   * @return a new answer
   * @throws IllegalArgumentException if the value has a character that is no printable ASCII
   */
  public RestAnswer with(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(name + ": not printable ASCII (expected: that)");
    }
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name.toLowerCase(Locale.ROOT), value);
    return new RestAnswer(status, Map.copyOf(more), body);
  }

  /**
   * The status.
   *
   * @return 200 to 599
   */
  public int status() {
    return status;
  }

  /**
   * The fields, without those that the door adds.
   *
   * @return values by names in lower case
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The body.
   *
   * @return the bytes, not to be changed
   */
  public byte[] body() {
    return body;
  }

  /** The status alone: a body may hold a secret. */
  @Override
  public String toString() {
    return "RestAnswer[" + status + "]";
  }
}
