package dev.fairlead.testkit.store;

import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.FileStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that makes one change of a row after the other, until it is killed with -9. */
final class KilledHub {

  private final Process process;
  private final BufferedReader reports;
  private int last;

  private KilledHub(Process process, int last) {
    this.process = process;
    this.last = last;
    this.reports =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Begins with the change after {@code last}. */
  static KilledHub start(Path directory, long seed, int last) throws IOException {
    return new KilledHub(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledHub.class.getName(),
                directory.toString(),
                Long.toString(seed),
                Integer.toString(last))
            .redirectErrorStream(true)
            .start(),
        last);
  }

  /** Waits for so many changes. */
  void await(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (!readReport()) {
        throw new AssertionError("the process ended by itself");
      }
    }
  }

  private boolean readReport() throws IOException {
    String report = reports.readLine();
    if (report == null) {
      return false;
    }
    if (!report.matches("[0-9]+")) {
      throw new AssertionError("the process reported: " + report);
    }
    last = Integer.parseInt(report);
    return true;
  }

  /** Kills it; the number of the last change that it reported. */
  int kill() throws Exception {
    // Not by the process itself, which would close the stream of its reports.
    process.toHandle().destroyForcibly();
    process.waitFor();
    while (readReport()) {
      // What it had said before it died counts.
    }
    return last;
  }

  public static void main(String[] arguments) {
    Stores stores = FileStores.in(Path.of(arguments[0]));
    StoreChanges changes = StoreChanges.seeded(Long.parseLong(arguments[1]));
    stores.open();
    for (int number = Integer.parseInt(arguments[2]) + 1; ; number++) {
      changes.make(number, stores);
      // A line in one write: a number that is cut off would be another number.
      byte[] line = (number + "\n").getBytes(StandardCharsets.UTF_8);
      System.out.write(line, 0, line.length);
      System.out.flush();
    }
  }
}
