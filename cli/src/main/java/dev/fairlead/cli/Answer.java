package dev.fairlead.cli;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param status the HTTP status
 * @param body the JSON object in the body; empty if there is none
 * @param chain the certificates it showed, its own first
 */
record Answer(int status, Map<String, @Nullable Object> body, List<X509Certificate> chain) {

  boolean isDone() {
    return status / 100 == 2;
  }

  /** The server has trouble of its own, or too much to do. */
  boolean isServersFault() {
    return status >= 500 || status == 429;
  }

  /** What went wrong in the server's words: OAuth's (RFC 6749) or a problem's (RFC 9457). */
  String reason() {
    for (String name : List.of("error_description", "detail", "title", "message", "error")) {
      Optional<String> found = Json.text(body, name);
      if (found.isPresent()) {
        return printable(found.get());
      }
    }
    return "HTTP status " + status;
  }

  /** OAuth's error code, or nothing. */
  String error() {
    return Json.text(body, "error").orElse("");
  }

  /** Text of somebody else's, as it may be shown on a terminal. */
  static String printable(String text) {
    String shown = text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
    return shown.length() <= 300 ? shown : shown.substring(0, 300) + "…";
  }

  /** The status; a body may have secrets. */
  @Override
  public String toString() {
    return "Answer[" + status + "]";
  }
}
