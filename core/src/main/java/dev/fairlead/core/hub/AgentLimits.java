package dev.fairlead.core.hub;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast agents come in, so that a storm of them after an outage slows down nobody but
 * themselves. Those beyond are turned away at once; agents try again after a pause that is random
 * and grows. With the defaults 10,000 agents are back within 45 s.
 *
 * @param tunnelsPerSecond how many tunnels are taken a second, and so many at once after a quiet
 *     time; 1 to 100,000
 * @param opening how many tunnels may be taken whose agent has not spoken yet; 1 to 100,000
 * @param certificatesPerSecond how many enrolments and renewals are taken a second, and so many at
 *     once after a quiet time; 1 to 100,000
 */
public record AgentLimits(int tunnelsPerSecond, int opening, int certificatesPerSecond) {

  private static final int MOST = 100_000;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public AgentLimits {
    List<String> mistakes = new ArrayList<>();
    check("tunnelsPerSecond", tunnelsPerSecond, mistakes);
    check("opening", opening, mistakes);
    check("certificatesPerSecond", certificatesPerSecond, mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException("agent limits: " + String.join("; ", mistakes));
    }
  }

  private static void check(String name, int value, List<String> mistakes) {
    if (value < 1 || value > MOST) {
      mistakes.add(name + ": " + value + " (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * 500 tunnels a second, 500 that open, 100 certificates a second.
   *
   * @return the limits for those who have no wishes
   */
  public static AgentLimits defaults() {
    return new AgentLimits(500, 500, 100);
  }
}
