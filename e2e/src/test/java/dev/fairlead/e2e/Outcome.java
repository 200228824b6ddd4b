package dev.fairlead.e2e;

import java.time.Duration;

/** How a command ended. */
record Outcome(String command, int exitCode, String stdout, String stderr, Duration took) {

  /** This outcome, which has to be a success. */
  Outcome succeeded() {
    if (exitCode != 0) {
      throw new AssertionError("expected: exit code 0, found: " + this);
    }
    return this;
  }

  /** This outcome, which has to be a failure. */
  Outcome failed() {
    if (exitCode == 0) {
      throw new AssertionError("expected: an exit code other than 0, found: " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return "%s%nexit code %d after %d ms%nstdout: %s%nstderr: %s"
        .formatted(command, exitCode, took.toMillis(), shortened(stdout), shortened(stderr));
  }

  private static String shortened(String text) {
    return text.length() <= 4_000
        ? text
        : text.substring(0, 4_000) + "… (" + text.length() + " characters)";
  }
}
