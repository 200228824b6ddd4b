package dev.fairlead.e2e;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page with a form, as a browser sees it. */
record Page(URI at, String html) {

  static final HttpResponse.BodyHandler<String> TEXT = HttpResponse.BodyHandlers.ofString();

  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("name=\"code\" value=\"([^\"]+)\"");

  static Page of(HttpResponse<String> answer) {
    return new Page(answer.uri(), answer.body());
  }

  /** Where its form is sent. */
  String action() {
    return at.resolve(find(ACTION).replace("&amp;", "&")).toString();
  }

  /** The code that its form holds. */
  String code() {
    return find(CODE);
  }

  private String find(Pattern pattern) {
    Matcher found = pattern.matcher(html);
    if (!found.find()) {
      throw new AssertionError(at + ": has no " + pattern + ": " + html);
    }
    return found.group(1);
  }
}
