package dev.fairlead.auth.local;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a JSON object that somebody sent; what they hold may be secret. */
final class Fields {

  private final Map<String, Object> values;

  private Fields(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads an object.
   *
   * @param known the fields it may have
   * @throws InvalidException if it is no object, or has other fields
   */
  static Fields of(byte[] json, String... known) {
    Map<String, Object> values;
    try {
      values = JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
    } catch (ParseException e) {
      throw new InvalidException(
          "body: no JSON object (expected: one with " + List.of(known) + ")");
    }
    Set<String> others = new TreeSet<>(values.keySet());
    others.removeAll(Set.of(known));
    if (!others.isEmpty()) {
      throw new InvalidException(
          "body: "
              + others.size()
              + " other fields (expected: no others than "
              + List.of(known)
              + ")");
    }
    return new Fields(values);
  }

  String text(String name) {
    return textIfAny(name)
        .orElseThrow(() -> new InvalidException(name + ": missing (expected: a text)"));
  }

  Optional<String> textIfAny(String name) {
    Object value = values.get(name);
    if (value != null && !(value instanceof String)) {
      throw new InvalidException(name + ": no text (expected: a text)");
    }
    return Optional.ofNullable((String) value);
  }

  Optional<Boolean> truthIfAny(String name) {
    Object value = values.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw new InvalidException(name + ": no truth value (expected: true or false)");
    }
    return Optional.ofNullable((Boolean) value);
  }

  List<String> texts(String name) {
    return textsIfAny(name)
        .orElseThrow(() -> new InvalidException(name + ": missing (expected: a list of texts)"));
  }

  Optional<List<String>> textsIfAny(String name) {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.stream().filter(String.class::isInstance).map(String.class::cast).forEach(texts::add);
      if (texts.size() == list.size()) {
        return Optional.of(texts);
      }
    }
    throw new InvalidException(name + ": no list of texts (expected: one)");
  }

  @Override
  public String toString() {
    return "Fields" + values.keySet();
  }
}
