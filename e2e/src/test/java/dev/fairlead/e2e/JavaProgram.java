package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A main class of module examples in a JVM of its own, on the tests' class path. */
final class JavaProgram implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);

  private final String mainClass;
  private final Path log;
  private final Path readyFile;
  private final Process process;

  private JavaProgram(String mainClass, Path log, Path readyFile, Process process) {
    this.mainClass = mainClass;
    this.log = log;
    this.readyFile = readyFile;
    this.process = process;
  }

  /** Starts it; what it writes is appended to a log. */
  static JavaProgram start(String mainClass, Path log, Path readyFile, List<String> arguments) {
    return start(List.of(), mainClass, log, readyFile, arguments);
  }

  /** The same behind a program that becomes it. */
  static JavaProgram start(
      List<String> before, String mainClass, Path log, Path readyFile, List<String> arguments) {
    List<String> line = new ArrayList<>(before);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    line.addAll(List.of("-Dio.netty.leakDetection.level=advanced"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    line.addAll(arguments);
    line.addAll(List.of("--ready-file", readyFile.toString()));
    try {
      Files.deleteIfExists(readyFile);
      Process process =
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new JavaProgram(mainClass, log, readyFile, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has written its ready file, and reads it. */
  Properties awaitReady() {
    Awaitility.await(mainClass + " ready, see " + log)
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Files.exists(readyFile) || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError(mainClass + " ended with " + process.exitValue() + ", see " + log);
    }
    Properties ready = new Properties();
    try (var in = Files.newBufferedReader(readyFile)) {
      ready.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ready;
  }

  /** What it holds. */
  Footprint footprint() {
    return Footprint.of(process.pid());
  }

  long pid() {
    return process.pid();
  }

  /** Ends it without a warning, as kill -9 does. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Ends it by SIGTERM; anything but exit code 0 is a failure. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    int exitCode = awaitEnd();
    if (exitCode != 0) {
      throw new AssertionError(
          mainClass + " ended with " + exitCode + " at SIGTERM (expected: 0), see " + log);
    }
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(mainClass + " did not end within " + END + ", see " + log);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + mainClass, e);
    }
  }
}
