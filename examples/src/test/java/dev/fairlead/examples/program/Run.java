package dev.fairlead.examples.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** One run of a program inside the test's process. */
public final class Run implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Lifetime lifetime = new Lifetime();
  private final CompletableFuture<Integer> code;

  private Run(Service service, String prefix, Map<String, String> environment, String... args) {
    Screen screen = new Screen(stream(out), false, true);
    Program program = new Program(prefix, environment, screen, stream(err));
    code = CompletableFuture.supplyAsync(() -> program.run(service, lifetime, args), Run::thread);
  }

  private static void thread(Runnable work) {
    new Thread(work, "program").start();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** Begins a run with options alone. */
  public static Run of(Service service, String... args) {
    return new Run(service, "FAIRLEAD_TEST", Map.of(), args);
  }

  /** Begins a run with options from the environment, too. */
  public static Run of(
      Service service, String prefix, Map<String, String> environment, String... args) {
    return new Run(service, prefix, environment, args);
  }

  /** Waits for something that the program will bring about, or until it ends. */
  public void await(BooleanSupplier met) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!met.getAsBoolean() && !code.isDone() && System.nanoTime() < until) {
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    assertThat(met.getAsBoolean()).as("output:\n%s\n%s", output(), errors()).isTrue();
  }

  /** Ends it as a signal would, and waits. */
  public int stop() {
    lifetime.end();
    return exitCode();
  }

  /** Waits for its end. */
  public int exitCode() {
    return code.orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
  }

  public String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    stop();
  }
}
