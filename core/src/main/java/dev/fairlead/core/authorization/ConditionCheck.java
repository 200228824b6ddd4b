package dev.fairlead.core.authorization;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;

/** What a condition has to be like. */
final class ConditionCheck {

  private final Mistakes mistakes;

  ConditionCheck(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  void check(Condition condition, String key) {
    each(key + ".networks", condition.networks(), Network::parse);
    each(key + ".hours", condition.hours(), Hours::parse);
    if (condition.timeZone().isEmpty()) {
      return;
    }
    if (condition.hours().isEmpty() && !mistakes.isReported(key + ".hours")) {
      mistakes.add(key + ".timeZone", "present without hours", "hours, or no time zone");
    }
    try {
      ZoneId.of(condition.timeZone());
    } catch (DateTimeException e) {
      mistakes.addValue(
          key + ".timeZone", condition.timeZone(), "a zone such as Europe/Berlin or UTC");
    }
  }

  private void each(String key, List<String> values, Consumer<String> parse) {
    for (int i = 0; i < values.size(); i++) {
      try {
        parse.accept(values.get(i));
      } catch (IllegalArgumentException e) {
        mistakes.addValue(key + '[' + i + ']', values.get(i), String.valueOf(e.getMessage()));
      }
    }
  }
}
