package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Programs;
import dev.fairlead.benchmarks.lab.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What h2load saw: HTTP/2 clients that ask again as soon as they are answered.
 *
 * @param perSecond requests
 * @param requests how many there were
 */
public record H2load(double perSecond, long requests) {

  private static final int LONGEST_SECONDS = 120;
  private static final Pattern RATE = Pattern.compile("finished in .*?, ([\\d.]+) req/s");
  private static final Pattern COUNTS =
      Pattern.compile("(\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
  private static final Pattern STATUS =
      Pattern.compile("(\\d+) 2xx, (\\d+) 3xx, (\\d+) 4xx, (\\d+) 5xx");

  private static final long PROBE = 20;

  /**
   * Asks for a path on so many connections, one request at a time on each, for about so long. How
   * often is found out by a probe: given a time, h2load sometimes never ends when its connections
   * are slow to come up.
   */
  public static H2load run(Way way, String path, int connections, int seconds) {
    List<String> shape = List.of("-c" + connections, "-m1");
    long probe = PROBE * connections;
    double rate = count(way, path, probe, shape).perSecond();
    return count(way, path, Math.max(probe, (long) (rate * seconds)), shape);
  }

  static H2load count(Way way, String path, long requests, List<String> shape) {
    List<String> command = new ArrayList<>(List.of("h2load", "-t1", "-n" + requests));
    command.addAll(shape);
    command.addAll(List.of("-H", "authorization: Bearer " + way.token(), way.url(path)));
    String output = Programs.run(LONGEST_SECONDS, command);
    Matcher rate = RATE.matcher(output);
    Matcher counts = COUNTS.matcher(output);
    Matcher status = STATUS.matcher(output);
    if (!rate.find() || !counts.find() || !status.find()) {
      throw new LabException("h2load: no result in what it printed: " + output.strip());
    }
    boolean good =
        counts.group(2).equals("0") && status.group(3).equals("0") && status.group(4).equals("0");
    if (!good) {
      throw new LabException("h2load on " + way.name() + ": " + output.strip());
    }
    return new H2load(Double.parseDouble(rate.group(1)), Long.parseLong(counts.group(1)));
  }
}
