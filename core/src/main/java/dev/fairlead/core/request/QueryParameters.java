package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The query of a request target, read as Go's {@code url.ParseQuery} reads it: pairs between {@code
 * &}, names and values decoded once, {@code +} for a space, the first pair of a name wins. What Go
 * would skip with an error is refused when the target is parsed. Immutable; names are looked up in
 * the raw text, so nothing is decoded that nobody asks for.
 */
public final class QueryParameters {

  static final int MAX_PARAMETERS = 10_000;

  private final String raw;

  private QueryParameters(String raw) {
    this.raw = raw;
  }

  static QueryParameters parse(String raw) {
    int parameters = 1;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '#' || c == ';') {
        throw refused(String.format("character 0x%02x", (int) c), i, "printable ASCII but # and ;");
      }
      if (c == '&' && ++parameters > MAX_PARAMETERS) {
        throw badRequest("query: too many parameters (expected: at most " + MAX_PARAMETERS + ")");
      }
      if (c == '%') {
        int value = PercentEncoding.escapeAt(raw, i);
        if (value <= 0) {
          throw refused(
              value == 0 ? "%00" : "% without two hexadecimal digits",
              i,
              "a percent escape such as %3A, but never %00");
        }
      }
    }
    return new QueryParameters(raw);
  }

  /**
   * The decoded value of the first parameter of that name.
   *
   * @param name the decoded name, compared with case
   * @return the value, empty text for a name without {@code =}, or nothing if there is none of that
   *     name; bytes that are not UTF-8 come as U+FFFD
   */
  public Optional<String> first(String name) {
    int start = 0;
    while (start < raw.length()) {
      int end = indexOrEnd('&', start, raw.length());
      int equals = indexOrEnd('=', start, end);
      if (isName(start, equals, name)) {
        return Optional.of(decoded(Math.min(equals + 1, end), end));
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private boolean isName(int start, int end, String name) {
    return end - start >= name.length() && decoded(start, end).equals(name);
  }

  private int indexOrEnd(char c, int start, int end) {
    for (int i = start; i < end; i++) {
      if (raw.charAt(i) == c) {
        return i;
      }
    }
    return end;
  }

  private String decoded(int start, int end) {
    String text = raw.substring(start, end);
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    return new String(PercentEncoding.decode(text, true), StandardCharsets.UTF_8);
  }

  /** Names the type only: a query may hold a secret. */
  @Override
  public String toString() {
    return "QueryParameters[" + raw.length() + " characters]";
  }

  private static RefusedRequestException refused(String found, int at, String expected) {
    return badRequest("query: " + found + " at position " + at + " (expected: " + expected + ")");
  }
}
