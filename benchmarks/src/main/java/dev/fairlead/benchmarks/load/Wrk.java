package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Programs;
import dev.fairlead.benchmarks.lab.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What wrk saw: HTTP/1.1 clients that ask again as soon as they are answered.
 *
 * @param perSecond requests
 * @param requests how many there were
 * @param p50Micros half of the requests took no longer
 * @param p99Micros all but one in a hundred took no longer
 */
public record Wrk(double perSecond, long requests, double p50Micros, double p99Micros) {

  private static final int GRACE_SECONDS = 30;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
  private static final Pattern P50 = Pattern.compile("50%\\s+([\\d.]+)(us|ms|s)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");

  /** Asks for a path on so many connections for some time. */
  public static Wrk run(Way way, String path, int connections, int seconds) {
    return run(way, path, connections, seconds, List.of());
  }

  /** The same with further header fields. */
  public static Wrk run(Way way, String path, int connections, int seconds, List<String> fields) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("wrk", "--latency", "--timeout", "20s"));
    command.addAll(List.of("-t", connections == 1 ? "1" : "2"));
    command.addAll(List.of("-c", Integer.toString(connections), "-d", seconds + "s"));
    fields.forEach(field -> command.addAll(List.of("-H", field)));
    command.addAll(List.of("-H", "Authorization: Bearer " + way.token(), way.url(path)));
    String output = Programs.run(seconds + GRACE_SECONDS, command);
    if (output.contains("Non-2xx") || output.contains("Socket errors")) {
      throw new LabException("wrk on " + way.name() + ": " + output.strip());
    }
    return new Wrk(
        Double.parseDouble(find(RATE, output).group(1)),
        Long.parseLong(find(COUNT, output).group(1)),
        micros(find(P50, output)),
        micros(find(P99, output)));
  }

  private static Matcher find(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new LabException("wrk: no " + pattern + " in what it printed: " + output.strip());
    }
    return matcher;
  }

  private static double micros(Matcher time) {
    double value = Double.parseDouble(time.group(1));
    return switch (time.group(2)) {
      case "us" -> value;
      case "ms" -> value * 1e3;
      default -> value * 1e6;
    };
  }
}
