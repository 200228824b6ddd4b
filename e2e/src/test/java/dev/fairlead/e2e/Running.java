package dev.fairlead.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A command in the background, whose output can be waited for. Closing it ends it. */
final class Running implements AutoCloseable {

  private static final Duration END = Duration.ofSeconds(30);

  private final String command;
  private final Process process;
  private final long start = System.nanoTime();
  private final Captured stdout;
  private final Captured stderr;

  Running(String command, Process process) {
    this.command = command;
    this.process = process;
    this.stdout = new Captured(process.getInputStream());
    this.stderr = new Captured(process.getErrorStream());
  }

  /** Waits until what it wrote to its standard output is as expected. */
  String awaitStdout(Predicate<String> expected, Duration deadline) {
    if (stdout.await(expected, deadline)) {
      return stdout.text();
    }
    throw new AssertionError(
        "output not seen within "
            + deadline
            + ": "
            + outcome(process.isAlive() ? -1 : process.exitValue()));
  }

  /** What it wrote to its standard output so far. */
  String stdout() {
    return stdout.text();
  }

  /** Waits until what it wrote to its standard error is as expected. */
  String awaitStderr(Predicate<String> expected, Duration deadline) {
    if (stderr.await(expected, deadline)) {
      return stderr.text();
    }
    throw new AssertionError(
        "message not seen within "
            + deadline
            + ": "
            + outcome(process.isAlive() ? -1 : process.exitValue()));
  }

  /** Waits for its end; a process that goes on is a failure. */
  Outcome awaitEnd(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("did not end within " + deadline + ": " + outcome(-1));
      }
      stdout.join();
      stderr.join();
      return outcome(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + command, e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Ends it as Ctrl-C would, and tells what it had written until then. A shell that starts programs
   * in the background lets them ignore SIGINT; whoever inherited that gets SIGTERM.
   */
  Outcome interrupt() {
    signal(ignoresInterrupts() ? "-TERM" : "-INT");
    return awaitEnd(END);
  }

  private boolean ignoresInterrupts() {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    } catch (IOException | UncheckedIOException ended) {
      return false;
    }
  }

  private void signal(String signal) {
    Command.of(Path.of("/bin/kill"), signal, String.valueOf(process.pid())).run(END);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitEnd(END);
  }

  private Outcome outcome(int exitCode) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Outcome(command, exitCode, stdout.text(), stderr.text(), took);
  }

  /** What a stream brought so far. */
  private static final class Captured {
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    Captured(InputStream in) {
      reader = new Thread(() -> read(in), "e2e-output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream in) {
      byte[] chunk = new byte[8_192];
      try (in) {
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
          synchronized (text) {
            text.append(new String(chunk, 0, n, StandardCharsets.UTF_8));
            text.notifyAll();
          }
        }
      } catch (IOException e) {
        synchronized (text) {
          text.append("[reading failed: ").append(e.getMessage()).append(']');
        }
      }
    }

    boolean await(Predicate<String> expected, Duration deadline) {
      long end = System.nanoTime() + deadline.toNanos();
      synchronized (text) {
        while (!expected.test(text.toString())) {
          long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          if (left <= 0 || !reader.isAlive()) {
            return expected.test(text.toString());
          }
          try {
            text.wait(Math.min(left, 500));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
          }
        }
        return true;
      }
    }

    void join() throws InterruptedException {
      reader.join(5_000);
    }

    String text() {
      synchronized (text) {
        return text.toString();
      }
    }
  }
}
