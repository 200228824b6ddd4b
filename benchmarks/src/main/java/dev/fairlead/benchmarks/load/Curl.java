package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Programs;
import dev.fairlead.benchmarks.lab.Way;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Transfers by curl, over HTTP/1.1. */
public final class Curl {

  private static final int LONGEST_SECONDS = 300;

  private Curl() {}

  /**
   * Gets a path so many times at once.
   *
   * @param size how large each answer has to be
   * @return bytes a second, of all together
   */
  public static double download(Way way, String path, int count, long size) {
    List<List<String>> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> command = command(way, "%{http_code} %{size_download}");
      command.add(way.url(path));
      commands.add(command);
    }
    return rate(commands, size);
  }

  /**
   * Puts a file to a path so many times at once.
   *
   * @param size of the file
   * @return bytes a second, of all together
   */
  public static double upload(Way way, String path, Path file, int count, long size) {
    List<List<String>> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> command = command(way, "%{http_code} %{size_upload}");
      command.addAll(List.of("-H", "Expect:", "-T", file.toString(), way.url(path + i)));
      commands.add(command);
    }
    return rate(commands, size);
  }

  private static List<String> command(Way way, String outcome) {
    return new ArrayList<>(
        List.of(
            "curl",
            "-sSk",
            "--http1.1",
            "-o",
            "/dev/null",
            "-w",
            outcome,
            "-H",
            "Authorization: Bearer " + way.token()));
  }

  private static double rate(List<List<String>> commands, long size) {
    long begun = System.nanoTime();
    List<String> outcomes = Programs.runAll(LONGEST_SECONDS, commands);
    double seconds = (System.nanoTime() - begun) / 1e9;
    for (String outcome : outcomes) {
      if (!outcome.matches("20[0-9] " + size)) {
        throw new LabException("curl: " + outcome + " (expected: 20x " + size + ")");
      }
    }
    return commands.size() * size / seconds;
  }
}
