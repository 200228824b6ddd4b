package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label selectors in their query form ({@code a=b,c in (d,e),!f}) and as objects. */
public final class LabelSelector {
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:"
              + "(?<not>!)\\s*(?<absent>[\\w./-]+)"
              + "|(?<set>[\\w./-]+)\\s+(?<in>in|notin)\\s*\\((?<values>[^()]*)\\)"
              + "|(?<key>[\\w./-]+)\\s*(?<op>==|=|!=|>|<)\\s*(?<value>[\\w.-]*)"
              + "|(?<present>[\\w./-]+)"
              + ")\\s*(?:,|$)");

  private LabelSelector() {}

  /**
   * Parses the value of {@code labelSelector}.
   *
   * @throws ApiException 400 when it does not parse
   */
  public static Predicate<JsonNode> parse(String text) {
    List<Predicate<JsonNode>> terms = new ArrayList<>();
    Matcher matcher = TERM.matcher(text);
    int position = 0;
    while (position < text.length()) {
      if (!matcher.find(position) || matcher.start() != position) {
        throw ApiException.badRequest(
            "unable to parse requirement: found '" + text.substring(position) + "'");
      }
      terms.add(term(matcher));
      position = matcher.end();
    }
    return object -> {
      JsonNode labels = Trees.at(object, "metadata", "labels");
      return terms.stream().allMatch(term -> term.test(labels));
    };
  }

  /** {@return a test for labels by a {@code metav1.LabelSelector}; an empty one matches all} */
  public static Predicate<JsonNode> of(JsonNode selector) {
    List<Predicate<JsonNode>> terms = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : selector.path("matchLabels").properties()) {
      terms.add(labels -> labels.path(entry.getKey()).equals(entry.getValue()));
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      Set<String> values = new TreeSet<>();
      expression.path("values").forEach(v -> values.add(v.asText()));
      terms.add(
          switch (expression.path("operator").asText()) {
            case "In" -> labels -> labels.has(key) && values.contains(labels.get(key).asText());
            case "NotIn" -> labels -> !values.contains(labels.path(key).asText());
            case "Exists" -> labels -> labels.has(key);
            default -> labels -> !labels.has(key);
          });
    }
    return labels -> terms.stream().allMatch(term -> term.test(labels));
  }

  private static Predicate<JsonNode> term(Matcher matcher) {
    if (matcher.group("not") != null) {
      String key = matcher.group("absent");
      return labels -> !labels.has(key);
    }
    if (matcher.group("set") != null) {
      String key = matcher.group("set");
      Set<String> values = new TreeSet<>();
      for (String value : matcher.group("values").split(",", -1)) {
        values.add(value.strip());
      }
      return matcher.group("in").equals("in")
          ? labels -> labels.has(key) && values.contains(labels.get(key).asText())
          : labels -> !labels.has(key) || !values.contains(labels.get(key).asText());
    }
    if (matcher.group("key") != null) {
      return comparison(matcher.group("key"), matcher.group("op"), matcher.group("value"));
    }
    String key = matcher.group("present");
    return labels -> labels.has(key);
  }

  private static Predicate<JsonNode> comparison(String key, String operator, String value) {
    return switch (operator) {
      case "!=" -> labels -> !labels.path(key).asText().equals(value) || !labels.has(key);
      case ">" -> labels -> labels.has(key) && number(labels.get(key).asText()) > number(value);
      case "<" -> labels -> labels.has(key) && number(labels.get(key).asText()) < number(value);
      default -> labels -> labels.has(key) && labels.get(key).asText().equals(value);
    };
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("label value \"" + text + "\" (expected: an integer)");
    }
  }
}
