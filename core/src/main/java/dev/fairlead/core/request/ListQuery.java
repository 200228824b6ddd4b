package dev.fairlead.core.request;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;

/**
 * The parameters of a list that decide what is asked: whether it is a watch, and the one name its
 * field selector demands. As in the API server, parameters that do not decode leave the name empty.
 *
 * @param watch whether the list is a watch
 * @param name the name demanded by {@code metadata.name=}, or empty
 */
record ListQuery(boolean watch, String name) {

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
    if (name.indexOf('\uFFFD') >= 0) {
      // The cluster would see other bytes than can be shown here.
      throw badRequest("query: a name that is not UTF-8 in fieldSelector (expected: UTF-8)");
    }
    return new ListQuery(watch, name);
  }

  /** Everything but 0 and false is true, empty text included. */
  private static boolean isTrue(String value) {
    return !value.equals("0") && !value.equalsIgnoreCase("false");
  }

  private static boolean decodes(QueryParameters query) {
    return query.first("limit").map(ListQuery::isInteger).orElse(true)
        && query.first("timeoutSeconds").map(ListQuery::isInteger).orElse(true)
        && query.first("labelSelector").map(LabelSelector::isReadable).orElse(true);
  }

  static boolean isInteger(String value) {
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

  private static boolean isPathSegmentName(String name) {
    return !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('%') < 0;
  }
}
