package dev.fairlead.core.request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A field selector: terms {@code field=value}, {@code field==value} or {@code field!=value} between
 * commas, in whose values {@code \}, {@code ,} and {@code =} stand behind a backslash.
 */
final class FieldSelector {

  private record Term(String field, boolean equal, String value) {}

  private final List<Term> terms;

  private FieldSelector(List<Term> terms) {
    this.terms = terms;
  }

  /** The selector, or nothing if one of its terms cannot be read. */
  static Optional<FieldSelector> parse(String selector) {
    List<Term> terms = new ArrayList<>();
    for (String text : split(selector)) {
      if (text.isEmpty()) {
        continue;
      }
      Optional<Term> term = term(text);
      if (term.isEmpty()) {
        return Optional.empty();
      }
      terms.add(term.get());
    }
    return Optional.of(new FieldSelector(terms));
  }

  /** The value the field must have for anything to match. */
  Optional<String> exactly(String field) {
    for (Term term : terms) {
      if (term.equal() && term.field().equals(field)) {
        return Optional.of(term.value());
      }
    }
    return Optional.empty();
  }

  /** The terms in Kubernetes' order: sorted, so that the first of two on one field is the same. */
  private static List<String> split(String selector) {
    List<String> terms = new ArrayList<>();
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == ',') {
        terms.add(selector.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(selector.substring(start));
    Collections.sort(terms);
    return terms;
  }

  private static Optional<Term> term(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      return Optional.empty();
    }
    boolean not = equals > 0 && text.charAt(equals - 1) == '!';
    boolean twice = !not && text.startsWith("==", equals);
    String field = text.substring(0, not ? equals - 1 : equals);
    return unescaped(text.substring(equals + (twice ? 2 : 1)))
        .map(value -> new Term(field, !not, value));
  }

  private static Optional<String> unescaped(String value) {
    StringBuilder out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ',' || c == '=') {
        return Optional.empty();
      }
      if (c == '\\') {
        i++;
        if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
          return Optional.empty();
        }
        c = value.charAt(i);
      }
      out.append(c);
    }
    return Optional.of(out.toString());
  }
}
