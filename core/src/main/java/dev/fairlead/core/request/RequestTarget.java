package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;
import static dev.fairlead.core.request.RefusedRequestException.shown;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request target in origin form (RFC 9112, section 3.2.1), kept byte for byte and read once. What
 * is authorised is read from {@link #segments()} and {@link #query()}; what is forwarded is {@link
 * #raw()}. A target that two parsers could read in two ways is refused with 400, so that the
 * cluster cannot read another request than the hub did:
 *
 * <ul>
 *   <li>absolute, authority and asterisk form, an empty target;
 *   <li>any character outside printable ASCII; in the path also what RFC 3986 keeps out of it;
 *   <li>{@code //}, {@code .} and {@code ..} segments, raw or escaped; one slash at the end is
 *       fine;
 *   <li>{@code ;}, {@code \}, {@code /} and control characters in escaped form, raw {@code ;} and
 *       {@code \}, {@code #};
 *   <li>escapes that are malformed, not UTF-8, or still an escape after decoding ({@code %252e});
 *   <li>a path above {@value #MAX_PATH} or a target above {@value #MAX_TARGET} characters;
 *   <li>a query with malformed escapes, {@code %00}, {@code ;}, or over 10,000 parameters.
 * </ul>
 *
 * <p>The path behind a {@code proxy} subresource belongs to some other application, for which
 * {@code //}, {@code ;} or {@code %2F} can have a meaning. They are refused there as well: where
 * the subresource ends is itself a result of this reading, and an ambiguous path fails closed.
 *
 * <p>Names such as {@code system:node} are served in raw and in escaped form ({@code
 * system%3Anode}): the reading is the same and the bytes stay what they were. The query is decoded
 * once as well, but may hold what a path may not, for example a line feed in {@code command=}.
 *
 * <p>Immutable.
 */
public final class RequestTarget {

  /** The longest path, in characters. */
  public static final int MAX_PATH = 8 * 1024;

  /** The longest target, path and query together, in characters. */
  public static final int MAX_TARGET = 64 * 1024;

  private final String rawPath;
  private final @Nullable String rawQuery;
  private final List<String> segments;
  private final QueryParameters query;

  private RequestTarget(
      String rawPath, @Nullable String rawQuery, List<String> segments, QueryParameters query) {
    this.rawPath = rawPath;
    this.rawQuery = rawQuery;
    this.segments = segments;
    this.query = query;
  }

  /**
   * Reads a target as it stood in the request line or in {@code :path}, one char for each byte (ISO
   * 8859-1), as Netty hands it over.
   *
   * @param raw the target
   * @return the reading, whose {@link #raw()} equals {@code raw}
   * @throws RefusedRequestException with code 400 if the target is not one of those above
   */
  public static RequestTarget parse(CharSequence raw) {
    String target = Objects.requireNonNull(raw, "raw").toString();
    requireOriginForm(target);
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    if (path.length() > MAX_PATH) {
      throw badRequest(
          "path: " + path.length() + " characters (expected: at most " + MAX_PATH + ")");
    }
    @Nullable String query = question < 0 ? null : target.substring(question + 1);
    return new RequestTarget(
        path, query, PathSegments.of(path), QueryParameters.parse(query == null ? "" : query));
  }

  private static void requireOriginForm(String target) {
    if (target.isEmpty()) {
      throw badRequest("request target: empty (expected: a path that starts with /)");
    }
    if (target.length() > MAX_TARGET) {
      throw badRequest(
          "request target: "
              + target.length()
              + " characters (expected: at most "
              + MAX_TARGET
              + ")");
    }
    if (target.charAt(0) != '/') {
      throw badRequest(
          "request target: " + form(target) + " (expected: a path that starts with /)");
    }
  }

  private static String form(String target) {
    if (target.equals("*")) {
      return "asterisk form";
    }
    if (target.contains("://")) {
      return "absolute form";
    }
    return "starts with " + shown(target.substring(0, 1)) + ", no origin form";
  }

  /** The same request as the cluster sees it, behind the first segments. */
  RequestTarget dropSegments(int count, int rawLength) {
    String rest = rawPath.substring(rawLength);
    return new RequestTarget(
        rest.isEmpty() ? "/" : rest, rawQuery, segments.subList(count, segments.size()), query);
  }

  /**
   * Path and query as they came, to be forwarded as they are.
   *
   * @return ASCII text that starts with {@code /}
   */
  public String raw() {
    return rawQuery == null ? rawPath : rawPath + '?' + rawQuery;
  }

  /**
   * The path as it came.
   *
   * @return ASCII text that starts with {@code /}
   */
  public String rawPath() {
    return rawPath;
  }

  /**
   * The query as it came, without the question mark.
   *
   * @return the query, empty text behind a question mark that ends the target, null without one
   */
  public @Nullable String rawQuery() {
    return rawQuery;
  }

  /**
   * The decoded segments of the path: none is empty, {@code .} or {@code ..}, none holds a slash or
   * a control character.
   *
   * @return an unmodifiable list, empty for {@code /}
   */
  public List<String> segments() {
    return segments;
  }

  /**
   * The decoded path, unambiguous since no segment holds a slash.
   *
   * @return the segments, each behind a slash, with the slash at the end if there was one
   */
  public String path() {
    if (rawPath.indexOf('%') < 0) {
      return rawPath;
    }
    String end = rawPath.endsWith("/") ? "/" : "";
    return '/' + String.join("/", segments) + end;
  }

  /**
   * The parameters of the query.
   *
   * @return the parameters, none if there is no query
   */
  public QueryParameters query() {
    return query;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequestTarget that && raw().equals(that.raw());
  }

  @Override
  public int hashCode() {
    return rawPath.hashCode() * 31 + Objects.hashCode(rawQuery);
  }

  /** The raw path alone: a query may hold a secret. */
  @Override
  public String toString() {
    return rawQuery == null ? rawPath : rawPath + "?...";
  }
}
