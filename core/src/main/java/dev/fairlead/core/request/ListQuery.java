package dev.fairlead.core.request;

import java.util.regex.Pattern;

/**
 * The parameters of a list that decide what is asked: whether it is a watch, and the one name its
 * field selector demands. As in the API server, parameters that do not decode leave the name empty.
 *
 * @param watch whether the list is a watch
 * @param name the name demanded by {@code metadata.name=}, or empty
 */
record ListQuery(boolean watch, String name) {

  private static final int LONGEST_SELECTOR = 2 * 1024;
  private static final String KEY = "\\s*[A-Za-z0-9][A-Za-z0-9._/-]*\\s*";
  private static final String VALUE = "\\s*[A-Za-z0-9._-]*\\s*";
  private static final Pattern LABEL_TERM =
      Pattern.compile(
          "\\s*!?"
              + KEY
              + "|"
              + KEY
              + "(?:==?|!=)"
              + VALUE
              + "|"
              + KEY
              + "\\s(?:in|notin)\\s*\\([A-Za-z0-9._, -]*\\)\\s*");

  static ListQuery of(QueryParameters query) {
    boolean watch = query.first("watch").map(ListQuery::isTrue).orElse(false);
    if (!decodes(query)) {
      return new ListQuery(watch, "");
    }
    String name =
        query
            .first("fieldSelector")
            .flatMap(FieldSelector::parse)
            .flatMap(selector -> selector.exactly("metadata.name"))
            .filter(ListQuery::isPathSegmentName)
            .orElse("");
    return new ListQuery(watch, name);
  }

  /** Everything but 0 and false is true, empty text included. */
  private static boolean isTrue(String value) {
    return !value.equals("0") && !value.equalsIgnoreCase("false");
  }

  private static boolean decodes(QueryParameters query) {
    return query.first("limit").map(ListQuery::isInteger).orElse(true)
        && query.first("timeoutSeconds").map(ListQuery::isInteger).orElse(true)
        && query.first("labelSelector").map(ListQuery::isLabelSelector).orElse(true);
  }

  private static boolean isInteger(String value) {
    if (!value.chars().allMatch(c -> c >= '0' && c <= '9' || c == '+' || c == '-')) {
      return false;
    }
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * Whether the selector is of the usual shape. The API server answers one it cannot read with 400,
   * and one that is read here as unusual only loses its name: neither can widen what is allowed.
   */
  private static boolean isLabelSelector(String selector) {
    if (selector.length() > LONGEST_SELECTOR) {
      return false;
    }
    int start = 0;
    int depth = 0;
    for (int i = 0; i <= selector.length(); i++) {
      char c = i < selector.length() ? selector.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == selector.length())) {
        String term = selector.substring(start, i);
        if (!selector.isEmpty() && !LABEL_TERM.matcher(term).matches()) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  private static boolean isPathSegmentName(String name) {
    return !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('%') < 0
        && name.indexOf('\uFFFD') < 0;
  }
}
