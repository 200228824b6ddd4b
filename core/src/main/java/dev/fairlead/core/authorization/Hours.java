package dev.fairlead.core.authorization;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours of the week: the days on which they begin, and from when to when; if the end is not after
 * the beginning, it is on the next day.
 *
 * @param days on which days they begin
 * @param from the first moment
 * @param to the first moment after them; midnight is the end of the day
 */
record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

  static final String SYNTAX =
      "[days ]hh:mm-hh:mm, the days as in mon-fri or sat,sun, the time from 00:00 to 24:00";

  private static final Pattern FORM =
      Pattern.compile("(?:([a-z,-]+)\\s+)?([01]\\d|2[0-3]):([0-5]\\d)-(\\d\\d):([0-5]\\d)");
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /**
   * Reads hours.
   *
   * @throws IllegalArgumentException if they cannot be read
   */
  static Hours parse(String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT).strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(SYNTAX);
    }
    LocalTime from = time(form.group(2), form.group(3));
    boolean toMidnight = form.group(4).equals("24") && form.group(5).equals("00");
    LocalTime to = toMidnight ? LocalTime.MIDNIGHT : time(form.group(4), form.group(5));
    if (from.equals(to) && !from.equals(LocalTime.MIDNIGHT)) {
      throw new IllegalArgumentException(SYNTAX + ", with an end other than the beginning");
    }
    return new Hours(
        form.group(1) == null ? EnumSet.allOf(DayOfWeek.class) : days(form.group(1)), from, to);
  }

  private static LocalTime time(String hours, String minutes) {
    int hour = Integer.parseInt(hours);
    if (hour > 23) {
      throw new IllegalArgumentException(SYNTAX);
    }
    return LocalTime.of(hour, Integer.parseInt(minutes));
  }

  private static Set<DayOfWeek> days(String text) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", -1);
      int first = NAMES.indexOf(ends[0]);
      int last = NAMES.indexOf(ends[ends.length - 1]);
      if (ends.length > 2 || first < 0 || last < 0) {
        throw new IllegalArgumentException(SYNTAX);
      }
      for (int day = first; day != last; day = (day + 1) % 7) {
        days.add(DayOfWeek.of(day + 1));
      }
      days.add(DayOfWeek.of(last + 1));
    }
    return days;
  }

  boolean contain(ZonedDateTime at) {
    LocalTime time = at.toLocalTime();
    boolean begun = days.contains(at.getDayOfWeek()) && !time.isBefore(from);
    if (from.isBefore(to)) {
      return begun && time.isBefore(to);
    }
    return begun || days.contains(at.getDayOfWeek().minus(1)) && time.isBefore(to);
  }

  /** The first moment after the given one at which these hours begin or end. */
  Instant nextChange(Instant after, ZoneId zone) {
    LocalDate today = after.atZone(zone).toLocalDate();
    // The clock may be set, too: an hour that it leaps over, or that comes twice, begins or ends
    // then.
    ZoneOffsetTransition set = zone.getRules().nextTransition(after);
    Instant next = set == null ? Instant.MAX : set.getInstant();
    for (int day = -1; day <= 7; day++) {
      LocalDate date = today.plusDays(day);
      if (days.contains(date.getDayOfWeek())) {
        LocalDate endDate = from.isBefore(to) ? date : date.plusDays(1);
        next = earlier(next, date.atTime(from).atZone(zone), after);
        next = earlier(next, endDate.atTime(to).atZone(zone), after);
      }
    }
    return next;
  }

  private static Instant earlier(Instant best, ZonedDateTime candidate, Instant after) {
    Instant first = candidate.withEarlierOffsetAtOverlap().toInstant();
    Instant moment =
        first.isAfter(after) ? first : candidate.withLaterOffsetAtOverlap().toInstant();
    return moment.isAfter(after) && moment.isBefore(best) ? moment : best;
  }
}
