package dev.fairlead.core.audit;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A moment as {@code metav1.MicroTime}: {@code 2026-01-01T00:00:00.000000Z}, in UTC, always with
 * six digits of a second. By hand, as two of them are in every record.
 */
final class MicroTime {

  private static final DateTimeFormatter UNUSUAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private MicroTime() {}

  static String text(Instant at) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), ZoneOffset.UTC);
    if (time.getYear() < 0 || time.getYear() > 9999) {
      return UNUSUAL.format(at);
    }
    char[] text = "0000-00-00T00:00:00.000000Z".toCharArray();
    digits(text, 4, time.getYear());
    digits(text, 7, time.getMonthValue());
    digits(text, 10, time.getDayOfMonth());
    digits(text, 13, time.getHour());
    digits(text, 16, time.getMinute());
    digits(text, 19, time.getSecond());
    digits(text, 26, time.getNano() / 1_000);
    return new String(text);
  }

  /** The digits of a number, the last one before an index. */
  private static void digits(char[] text, int before, int number) {
    int at = before;
    for (int rest = number; rest > 0; rest /= 10) {
      text[--at] = (char) ('0' + rest % 10);
    }
  }
}
