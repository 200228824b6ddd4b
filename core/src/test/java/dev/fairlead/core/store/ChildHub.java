package dev.fairlead.core.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.store.Stores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process that changes file stores without end and reports each change once it returned; closing
 * kills it with -9.
 */
final class ChildHub implements AutoCloseable {

  private final Process process;
  private final BufferedReader reports;

  private ChildHub(Process process) {
    this.process = process;
    this.reports =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildHub start(Path directory) throws IOException {
    return new ChildHub(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildHub.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start());
  }

  long pid() {
    return process.pid();
  }

  /** Waits for that many changes; the number of the last one. */
  int awaitChanges(int count) throws IOException {
    int last = 0;
    for (int i = 0; i < count; i++) {
      String report = reports.readLine();
      if (report == null || !report.matches("[0-9]+")) {
        throw new AssertionError("the child reported: " + report);
      }
      last = Integer.parseInt(report);
    }
    return last;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  public static void main(String[] arguments) {
    PrintStream out = System.out;
    Stores stores = FileStores.in(Path.of(arguments[0]));
    stores.open();
    for (int change = 1; ; change++) {
      stores.clusters().merge(ClusterName.of("prod-eu"), Map.of("change", "" + change));
      out.println(change);
    }
  }
}
