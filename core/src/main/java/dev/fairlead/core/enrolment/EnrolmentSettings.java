package dev.fairlead.core.enrolment;

import dev.fairlead.api.InvalidException;
import java.time.Duration;

/**
 * How agents are enrolled.
 *
 * @param certificateLife how long an agent's certificate lives; 1 minute to 90 days
 * @param mostAtOnce how many enrolments may be under way at the same time; 1 to 1,000
 */
public record EnrolmentSettings(Duration certificateLife, int mostAtOnce) {

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(90);
  private static final int MOST = 1_000;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range
   */
  public EnrolmentSettings {
    if (certificateLife.compareTo(SHORTEST) < 0 || certificateLife.compareTo(LONGEST) > 0) {
      throw new InvalidException(
          "certificate life: " + certificateLife + " (expected: 1 minute to 90 days)");
    }
    if (mostAtOnce < 1 || mostAtOnce > MOST) {
      throw new InvalidException(
          "enrolments at once: " + mostAtOnce + " (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * Certificates of 24 hours, 32 enrolments at once.
   *
   * @return the settings for those who have no wishes
   */
  public static EnrolmentSettings defaults() {
    return new EnrolmentSettings(Duration.ofHours(24), 32);
  }
}
