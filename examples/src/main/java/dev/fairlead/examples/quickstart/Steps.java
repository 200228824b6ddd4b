package dev.fairlead.examples.quickstart;

import dev.fairlead.examples.program.Screen;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows what is done, each step with the time since the start. Safe for use by any thread. */
final class Steps {

  private static final int WIDTH = 84;

  private final Screen screen;
  private final Instant started;

  Steps(Screen screen, Instant started) {
    this.screen = screen;
    this.started = started;
  }

  /** When the program started: as the script that started it says, or when the JVM did. */
  static Instant started(@Nullable String byScript) {
    if (byScript != null && byScript.matches("[0-9]{13}")) {
      return Instant.ofEpochMilli(Long.parseLong(byScript));
    }
    return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  }

  synchronized void done(String what) {
    StringBuilder padded = new StringBuilder(what);
    while (padded.length() < WIDTH) {
      padded.append(' ');
    }
    screen.out().println(screen.tick() + " " + padded + " " + sinceStart());
  }

  synchronized void say(String text) {
    screen.out().println(text);
  }

  synchronized void title(String text) {
    screen.out().println(screen.bold(text));
  }

  String sinceStart() {
    double seconds = Duration.between(started, Instant.now()).toMillis() / 1_000.0;
    return String.format(Locale.ROOT, "%5.2f s", seconds);
  }
}
