package dev.fairlead.core.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label selector as {@code kubectl --selector} takes it: terms between commas, of which all have
 * to hold. A label that is absent satisfies {@code !=} and {@code notin}, as in Kubernetes.
 */
final class LabelSelector {

  static final String SYNTAX =
      "terms such as tier=edge, env!=prod, env in (dev, test), env notin (prod), key or !key,"
          + " separated by commas";

  private static final String KEY =
      "(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final String VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
  private static final Pattern ABSENT = Pattern.compile("!\\s*(" + KEY + ")");
  private static final Pattern PRESENT = Pattern.compile("(" + KEY + ")");
  private static final Pattern EQUALITY =
      Pattern.compile("(" + KEY + ")\\s*(==|=|!=)\\s*(" + VALUE + ")");
  private static final Pattern SET =
      Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern ONE_VALUE = Pattern.compile(VALUE);

  private record Term(String key, boolean wanted, Set<String> values, boolean anyValue) {
    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      boolean found = value != null && (anyValue || values.contains(value));
      return found == wanted;
    }
  }

  private final List<Term> terms;

  private LabelSelector(List<Term> terms) {
    this.terms = terms;
  }

  /**
   * Reads a selector.
   *
   * @throws IllegalArgumentException if a term cannot be read; the message is the term
   */
  static LabelSelector parse(String text) {
    List<Term> terms = new ArrayList<>();
    if (!text.isBlank()) {
      for (String term : split(text)) {
        terms.add(term(term.strip()));
      }
    }
    return new LabelSelector(List.copyOf(terms));
  }

  boolean matches(Map<String, String> labels) {
    for (int i = 0; i < terms.size(); i++) {
      if (!terms.get(i).matches(labels)) {
        return false;
      }
    }
    return true;
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String text) {
    Matcher set = SET.matcher(text);
    if (set.matches()) {
      return new Term(set.group(1), set.group(2).equals("in"), values(set.group(3), text), false);
    }
    Matcher equality = EQUALITY.matcher(text);
    if (equality.matches()) {
      boolean wanted = !equality.group(2).equals("!=");
      return new Term(equality.group(1), wanted, Set.of(equality.group(3)), false);
    }
    Matcher absent = ABSENT.matcher(text);
    if (absent.matches()) {
      return new Term(absent.group(1), false, Set.of(), true);
    }
    if (PRESENT.matcher(text).matches()) {
      return new Term(text, true, Set.of(), true);
    }
    throw new IllegalArgumentException(text);
  }

  private static Set<String> values(String list, String term) {
    Set<String> values = new TreeSet<>();
    for (String value : list.split(",", -1)) {
      if (!ONE_VALUE.matcher(value.strip()).matches()) {
        throw new IllegalArgumentException(term);
      }
      values.add(value.strip());
    }
    return Set.copyOf(values);
  }
}
