package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program with its arguments, to be run as often as one likes. */
final class Command {

  private final List<String> line;
  private final Map<String, String> environment;
  private final @Nullable Path stdin;

  private Command(List<String> line, Map<String, String> environment, @Nullable Path stdin) {
    this.line = List.copyOf(line);
    this.environment = Map.copyOf(environment);
    this.stdin = stdin;
  }

  static Command of(Path program, String... arguments) {
    return new Command(List.of(program.toString()), Map.of(), null).with(arguments);
  }

  /** The same with more arguments. */
  Command with(String... arguments) {
    List<String> longer = new ArrayList<>(line);
    longer.addAll(List.of(arguments));
    return new Command(longer, environment, stdin);
  }

  /** The same with a variable of the environment. */
  Command env(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Command(line, more, stdin);
  }

  /** The same with a file as its standard input, which is empty otherwise. */
  Command stdin(Path file) {
    return new Command(line, environment, file);
  }

  /** Program and arguments. */
  String[] line() {
    return line.toArray(String[]::new);
  }

  /** Runs it to its end; one that does not end by the deadline is killed, and a failure. */
  Outcome run(Duration deadline) {
    Path out = temporary("out");
    Path err = temporary("err");
    try {
      long start = System.nanoTime();
      Process process = builder().redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      Outcome outcome = new Outcome(toString(), process.exitValue(), text(out), text(err), took);
      if (!ended) {
        throw new AssertionError("did not end within " + deadline + ": " + outcome);
      }
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + this, e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  /** Starts it in the background. */
  Running start() {
    try {
      return new Running(toString(), builder().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    builder.redirectInput(stdin == null ? Path.of("/dev/null").toFile() : stdin.toFile());
    return builder;
  }

  @Override
  public String toString() {
    return String.join(" ", line);
  }

  private static Path temporary(String suffix) {
    try {
      return Files.createTempFile("fairlead-e2e", suffix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that are no UTF-8 stay apart: a difference in them is a difference in the text. */
  private static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
