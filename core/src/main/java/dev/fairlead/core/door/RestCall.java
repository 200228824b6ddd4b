package dev.fairlead.core.door;

import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.request.RequestTarget;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request to pages, whole. Immutable, but for {@link #caller()}, which asks each time. */
public final class RestCall {

  private final String method;
  private final RequestTarget target;
  private final @Nullable String contentType;
  private final byte[] body;
  private final @Nullable BearerToken token;
  private final String sourceIp;
  private final String userAgent;
  private final Supplier<Caller> caller;
  private final @Nullable String ifMatch;

  /**
   * Puts a request together: for doors, and for tests of pages.
   *
   * @param method the HTTP method; {@code GET} also for {@code HEAD}
   * @param target path and query
   * @param contentType of the body, or null if the client named none
   * @param body the bytes, none if there is no body; the call's own from now on
   * @param token the bearer token that came with it, unexamined, or null
   * @param sourceIp where it came from, without a port; empty for a call within the process
   * @param userAgent what the client calls itself, or empty
   * @param caller finds out who calls, as {@link #caller()} says
   */
  public RestCall(
      String method,
      RequestTarget target,
      @Nullable String contentType,
      byte[] body,
      @Nullable BearerToken token,
      String sourceIp,
      String userAgent,
      Supplier<Caller> caller) {
    this(method, target, contentType, body, token, sourceIp, userAgent, caller, null);
  }

  private RestCall(
      String method,
      RequestTarget target,
      @Nullable String contentType,
      byte[] body,
      @Nullable BearerToken token,
      String sourceIp,
      String userAgent,
      Supplier<Caller> caller,
      @Nullable String ifMatch) {
    this.method = Objects.requireNonNull(method, "method");
    this.target = Objects.requireNonNull(target, "target");
    this.contentType = contentType;
    this.body = Objects.requireNonNull(body, "body");
    this.token = token;
    this.sourceIp = Objects.requireNonNull(sourceIp, "sourceIp");
    this.userAgent = Objects.requireNonNull(userAgent, "userAgent");
    this.caller = Objects.requireNonNull(caller, "caller");
    this.ifMatch = ifMatch;
  }

  /**
   * The same with a condition.
   *
   * @param value the field {@code If-Match} (RFC 9110, section 13.1.1), or null if there is none
   * @return a new call
   */
  public RestCall ifMatching(@Nullable String value) {
    return new RestCall(
        method, target, contentType, body, token, sourceIp, userAgent, caller, value);
  }

  /**
   * What the client saw last of what it wants to change.
   *
   * @return the field {@code If-Match}, or empty
   */
  public Optional<String> ifMatch() {
    return Optional.ofNullable(ifMatch);
  }

  /**
   * The HTTP method.
   *
   * @return in upper case as it came; {@code GET} also for {@code HEAD}
   */
  public String method() {
    return method;
  }

  /**
   * Path and query, read once.
   *
   * @return the target
   */
  public RequestTarget target() {
    return target;
  }

  /**
   * The decoded segments of the path.
   *
   * @return such as {@code [users, 17, roles]}; none is empty or holds a slash
   */
  public List<String> segments() {
    return target.segments();
  }

  /**
   * A parameter of the query.
   *
   * @param name its name
   * @return its first value, decoded, or empty
   */
  public Optional<String> query(String name) {
    return target.query().first(name);
  }

  /**
   * The body.
   *
   * @return the bytes, not to be changed; none if there was no body
   */
  public byte[] body() {
    return body;
  }

  /**
   * The body of a request in JSON. No form on another site can send such a request.
   *
   * @return the bytes, not to be changed
   * @throws RestProblemException with 415 if the client did not say that it is JSON
   */
  public byte[] json() {
    String type = contentType == null ? "" : contentType;
    int end = type.indexOf(';');
    String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (!bare.equals("application/json")) {
      throw new RestProblemException(415, "content type: another (expected: application/json)");
    }
    return body;
  }

  /**
   * The bearer token that came with it, for pages that issue such. Nobody examined it.
   *
   * @return the token, or empty
   */
  public Optional<BearerToken> token() {
    return Optional.ofNullable(token);
  }

  /**
   * Where it came from.
   *
   * @return an IP address without a port; empty for a call within the process
   */
  public String sourceIp() {
    return sourceIp;
  }

  /**
   * What the client calls itself.
   *
   * @return its user agent, or empty
   */
  public String userAgent() {
    return userAgent;
  }

  /**
   * Who calls, by the hub's own authenticators. Blocks for as long as they take, at most some
   * seconds.
   *
   * @return the caller, authenticated
   * @throws dev.fairlead.api.UnauthenticatedException if there is no credential or it is bad
   * @throws dev.fairlead.api.TimeoutException if it took too long
   */
  public Caller caller() {
    return caller.get();
  }

  /** Method and path: all else may hold a secret. */
  @Override
  public String toString() {
    return "RestCall[" + method + " " + target.rawPath() + "]";
  }
}
