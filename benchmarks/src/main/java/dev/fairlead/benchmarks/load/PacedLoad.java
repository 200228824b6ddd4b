package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What h2load saw of HTTP/1.1 clients that ask at a fixed rate.
 *
 * @param perSecond requests that were answered
 * @param p50Micros from a request to the end of its answer, the median
 * @param p99Micros the same, 99 % of them
 */
public record PacedLoad(double perSecond, double p50Micros, double p99Micros) {

  private static final int TIME_FIELD = 2;

  /**
   * Asks for a path on so many connections, so often a second on each.
   *
   * @param log a file for the times of all requests; it is deleted
   */
  public static PacedLoad run(
      Way way, String path, int connections, int perSecondEach, int seconds, Path log) {
    long requests = (long) connections * perSecondEach * seconds;
    List<String> shape =
        List.of("--h1", "-c" + connections, "--rps=" + perSecondEach, "--log-file=" + log);
    try {
      double perSecond = H2load.count(way, path, requests, shape).perSecond();
      long[] micros;
      try (var lines = Files.lines(log)) {
        micros = lines.mapToLong(line -> Long.parseLong(line.split("\t")[TIME_FIELD])).toArray();
      }
      Arrays.sort(micros);
      return new PacedLoad(perSecond, at(micros, 50), at(micros, 99));
    } catch (IOException e) {
      throw new LabException("h2load: its log cannot be read: " + e.getMessage(), e);
    } finally {
      delete(log);
    }
  }

  private static double at(long[] sorted, int percent) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * percent / 100)];
  }

  private static void delete(Path log) {
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new LabException("h2load: its log cannot be deleted: " + e.getMessage(), e);
    }
  }
}
