package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The strict reading of a raw path: what it refuses stands at {@link RequestTarget}. */
final class PathSegments {

  private static final String PUNCTUATION = "-._~!$&'()*+,=:@%/";

  private PathSegments() {}

  /** The decoded segments, without the empty one behind a trailing slash. */
  static List<String> of(String rawPath) {
    requirePathCharacters(rawPath);
    List<String> segments = new ArrayList<>(8);
    int start = 1;
    while (start < rawPath.length()) {
      int slash = rawPath.indexOf('/', start);
      int end = slash < 0 ? rawPath.length() : slash;
      if (end == start) {
        throw refused("an empty segment (//)", start, "one slash between segments");
      }
      segments.add(segment(rawPath.substring(start, end), start));
      start = end + 1;
    }
    return List.copyOf(segments);
  }

  private static void requirePathCharacters(String rawPath) {
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letterOrDigit && PUNCTUATION.indexOf(c) < 0) {
        throw refused(name(c), i, "the path characters of RFC 3986 without ';'");
      }
      if (c == '%') {
        requireHarmlessEscape(rawPath, i);
      }
    }
  }

  private static void requireHarmlessEscape(String rawPath, int at) {
    int value = PercentEncoding.escapeAt(rawPath, at);
    if (value < 0) {
      throw refused("% without two hexadecimal digits", at, "a percent escape such as %3A");
    }
    if (value < 0x20 || value == 0x7f || value == '/' || value == '\\' || value == ';') {
      throw refused(
          rawPath.substring(at, at + 3), at, "no escaped control character, slash, \\ or ;");
    }
  }

  private static String segment(String raw, int at) {
    String decoded = raw;
    if (raw.indexOf('%') >= 0) {
      @Nullable String text = PercentEncoding.utf8(PercentEncoding.decode(raw, false));
      if (text == null) {
        throw refused("escapes that are not UTF-8", at, "UTF-8");
      }
      if (PercentEncoding.holdsEscape(text)) {
        throw refused("an escape within an escape", at, "a path that is encoded once");
      }
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw refused("an escaped control character", at, "printable text");
      }
      decoded = text;
    }
    if (decoded.equals(".") || decoded.equals("..")) {
      throw refused("the segment " + decoded, at, "a path without . and .. segments");
    }
    return decoded;
  }

  private static String name(char c) {
    return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("character 0x%02x", (int) c);
  }

  private static RefusedRequestException refused(String found, int at, String expected) {
    return badRequest("path: " + found + " at position " + at + " (expected: " + expected + ")");
  }
}
