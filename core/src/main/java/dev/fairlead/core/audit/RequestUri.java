package dev.fairlead.core.audit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Takes the values of parameters that may hold a secret out of a request's URI. */
public final class RequestUri {

  private static final String REDACTED = "REDACTED";
  private static final List<String> TELLING =
      List.of(
          "token",
          "secret",
          "passw",
          "pwd",
          "credential",
          "signature",
          "apikey",
          "api_key",
          "api-key",
          "privatekey",
          "private_key",
          "authorization",
          "assertion",
          "cookie",
          "jwt",
          "bearer");
  private static final Set<String> EXACT =
      Set.of("auth", "key", "sig", "code", "session", "sid", "pass");

  private RequestUri() {}

  /**
   * The URI with the same parameters in the same order, of which some have another value.
   *
   * @param uri path and query
   * @return the same, with {@code REDACTED} in place of each value that may be a secret
   */
  public static String redacted(String uri) {
    return masked(uri, REDACTED, RequestUri::isSecret);
  }

  /**
   * The URI of an {@code exec} without what is run.
   *
   * @param uri path and query
   * @return the same, with {@code MASKED} in place of each part of the command
   */
  public static String withoutCommands(String uri) {
    return masked(uri, "MASKED", name -> name.equals("command"));
  }

  private static String masked(String uri, String mask, Predicate<String> hides) {
    int question = uri.indexOf('?');
    if (question < 0) {
      return uri;
    }
    StringBuilder out = new StringBuilder(uri.length()).append(uri, 0, question + 1);
    int start = question + 1;
    while (start <= uri.length()) {
      int end = endOfParameter(uri, start);
      int equals = uri.indexOf('=', start);
      if (equals >= 0 && equals < end && hides(uri.substring(start, equals), hides)) {
        out.append(uri, start, equals + 1).append(mask);
      } else {
        out.append(uri, start, end);
      }
      if (end < uri.length()) {
        out.append(uri.charAt(end));
      }
      start = end + 1;
    }
    return out.toString();
  }

  private static int endOfParameter(String uri, int start) {
    for (int i = start; i < uri.length(); i++) {
      if (uri.charAt(i) == '&' || uri.charAt(i) == ';') {
        return i;
      }
    }
    return uri.length();
  }

  private static boolean hides(String rawName, Predicate<String> hides) {
    String name = rawName;
    if (rawName.indexOf('%') >= 0 || rawName.indexOf('+') >= 0) {
      try {
        name = URLDecoder.decode(rawName, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException unreadable) {
        return true;
      }
    }
    return hides.test(name.strip().toLowerCase(Locale.ROOT));
  }

  private static boolean isSecret(String lower) {
    return EXACT.contains(lower) || TELLING.stream().anyMatch(lower::contains);
  }
}
