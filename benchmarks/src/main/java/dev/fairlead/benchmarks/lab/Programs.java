package dev.fairlead.benchmarks.lab;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The programs nobody here wrote: where they are, and how to get them. */
public final class Programs {

  private static final Map<String, String> PACKAGES =
      new TreeMap<>(
          Map.of(
              "chrt", "util-linux",
              "curl", "curl",
              "h2load", "nghttp2-client",
              "nginx", "nginx-light",
              "wrk", "wrk"));

  private Programs() {}

  /**
   * Checks that all are there.
   *
   * @throws LabException with the command that installs those that are not
   */
  public static void requireAll() {
    List<String> missing =
        PACKAGES.keySet().stream().filter(program -> find(program) == null).toList();
    if (!missing.isEmpty()) {
      throw new LabException(
          "no "
              + String.join(", no ", missing)
              + " on the PATH (on Debian and Ubuntu: apt-get install --no-install-recommends "
              + String.join(" ", missing.stream().map(PACKAGES::get).toList())
              + ")");
    }
  }

  /** The program's file, or null. */
  static @Nullable Path find(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String directory : (path + File.pathSeparator + "/usr/sbin").split(File.pathSeparator)) {
      Path file = Path.of(directory, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /**
   * Runs a program to its end.
   *
   * @param seconds after which it is killed
   * @return what it printed to standard output
   * @throws LabException if it fails
   */
  public static String run(int seconds, List<String> command) {
    List<Process> started = start(List.of(command));
    return outputs(seconds, List.of(command), started).get(0);
  }

  /**
   * Runs a program to its end that prints much, or leaves others behind that might.
   *
   * @param seconds after which it is killed
   * @param file gets what it prints
   * @return what it printed
   * @throws LabException if it fails
   */
  public static String runIntoFile(int seconds, List<String> command, Path file) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(file.toFile())
              .start();
      try {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          throw new LabException(command.get(0) + " did not end within " + seconds + " s");
        }
      } finally {
        process.destroyForcibly();
      }
      String output = Files.readString(file);
      if (process.exitValue() != 0) {
        throw new LabException(
            command.get(0) + " failed with " + process.exitValue() + ": " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new LabException(command.get(0) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /**
   * Runs programs side by side, all to their ends.
   *
   * @param seconds after which they are killed
   * @return what each printed to standard output
   * @throws LabException if one fails
   */
  public static List<String> runAll(int seconds, List<List<String>> commands) {
    return outputs(seconds, commands, start(commands));
  }

  private static List<Process> start(List<List<String>> commands) {
    List<Process> started = new ArrayList<>();
    for (List<String> command : commands) {
      try {
        started.add(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start());
      } catch (IOException e) {
        started.forEach(Process::destroyForcibly);
        throw new LabException(command.get(0) + " cannot be started: " + e.getMessage(), e);
      }
    }
    return started;
  }

  private static List<String> outputs(
      int seconds, List<List<String>> commands, List<Process> started) {
    List<String> outputs = new ArrayList<>();
    try {
      for (int i = 0; i < started.size(); i++) {
        outputs.add(output(seconds, commands.get(i), started.get(i)));
      }
    } finally {
      started.forEach(Process::destroyForcibly);
    }
    return outputs;
  }

  private static String output(int seconds, List<String> command, Process process) {
    // What they print fits the pipe's buffer, so none waits for its output to be read.
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new LabException(String.join(" ", command) + " did not end within " + seconds + " s");
      }
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      if (process.exitValue() != 0) {
        throw new LabException(
            command.get(0) + " failed with " + process.exitValue() + ": " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new LabException(command.get(0) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
