package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds.
 *
 * @param heap bytes of its live objects, after a collection of all garbage
 * @param resident bytes of its memory in RAM, after that
 */
record Footprint(long heap, long resident) {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

  static Footprint of(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    // Counts what is reachable only, and so collects first.
    String histogram =
        Command.of(jcmd, String.valueOf(pid), "GC.class_histogram")
            .run(PATIENCE)
            .succeeded()
            .stdout();
    try {
      String status = Files.readString(Path.of("/proc", String.valueOf(pid), "status"));
      return new Footprint(number(TOTAL, histogram), number(RESIDENT, status) << 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new AssertionError("found: " + text + " (expected: " + pattern + ")");
    }
    return Long.parseLong(found.group(1));
  }

  @Override
  public String toString() {
    return "heap %d MiB, resident %d MiB".formatted(heap >> 20, resident >> 20);
  }
}
