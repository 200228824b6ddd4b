package dev.fairlead.benchmarks;

import dev.fairlead.benchmarks.measure.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Under which circumstances was measured; without them no number says anything. */
final class Circumstances {

  private Circumstances() {}

  static Map<String, String> of(Plan plan, List<String> jvm, int loops) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("processor", processor());
    all.put("load before", read(Path.of("/proc/loadavg")));
    all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("java", System.getProperty("java.runtime.version"));
    all.put("jvm flags", String.join(" ", jvm));
    all.put("event loops", loops + " in the hub, " + loops + " in the agent");
    all.put(
        "plan",
        "%d s warm-up, %d rounds of %d s, transfers of %d MB"
            .formatted(
                plan.warmUpSeconds(),
                plan.rounds(),
                plan.seconds(),
                plan.transferBytes() / 1_000_000));
    return all;
  }

  private static String processor() {
    for (String line : read(Path.of("/proc/cpuinfo")).split("\n")) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return System.getProperty("os.arch");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
