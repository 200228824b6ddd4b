package dev.fairlead.core.exchange;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, and with it Kubernetes: {@code 1h2m3.5s}, {@code 300ms}. */
final class GoDuration {

  private static final int LONGEST_TEXT = 64;
  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

  private GoDuration() {}

  /**
   * Reads a duration.
   *
   * @param text a sign or none, and parts of a number and its unit; or {@code 0}
   * @return the duration, or empty if it is none or does not fit 64 bits of nanoseconds
   */
  static Optional<Duration> parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      return Optional.empty();
    }
    boolean negative = text.startsWith("-");
    String parts = negative || text.startsWith("+") ? text.substring(1) : text;
    if (parts.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(parts);
    int end = 0;
    while (part.find() && part.start() == end) {
      String number = part.group(1);
      nanos =
          nanos.add(
              new BigDecimal(number.endsWith(".") ? number + "0" : number)
                  .multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
      end = part.end();
    }
    if (end == 0 || end != parts.length()) {
      return Optional.empty();
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }
}
