package dev.fairlead.examples.program;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a {@link Service} as a program: reads its options, words its failures, and ends it in order
 * on Ctrl-C and SIGTERM.
 */
public final class Program {

  /** The exit code of success. */
  public static final int DONE = 0;

  /** The exit code of failure. */
  public static final int FAILED = 1;

  /** The exit code for options that cannot be understood. */
  public static final int MISUSED = 2;

  private static final Logger log = LoggerFactory.getLogger(Program.class);

  private final String prefix;
  private final Map<String, String> environment;
  private final Screen screen;
  private final PrintStream err;

  /**
   * A program with an environment and streams.
   *
   * @param prefix how the environment variables for its options begin
   * @param environment all environment variables
   * @param screen standard output
   * @param err standard error
   */
  public Program(String prefix, Map<String, String> environment, Screen screen, PrintStream err) {
    this.prefix = prefix;
    this.environment = environment;
    this.screen = screen;
    this.err = err;
  }

  /**
   * Runs a service as this process, and ends the process.
   *
   * @param service what to run
   * @param prefix how the environment variables for its options begin
   * @param args the command line
   */
  public static void main(Service service, String prefix, String... args) {
    Map<String, String> environment = System.getenv();
    Screen screen = Screen.of(environment);
    PrintStream err = new PrintStream(System.err, true, Screen.charset(environment));
    Lifetime lifetime = new Lifetime();
    Thread stopping =
        new Thread(
            () -> {
              lifetime.close();
              screen.out().flush();
              Runtime.getRuntime().halt(service.codeWhenStopped());
            },
            "fairlead-stop");
    Runtime.getRuntime().addShutdownHook(stopping);
    int code = new Program(prefix, environment, screen, err).run(service, lifetime, args);
    try {
      Runtime.getRuntime().removeShutdownHook(stopping);
    } catch (IllegalStateException e) {
      log.debug("stopped from outside");
      return;
    }
    System.exit(code);
  }

  /**
   * Runs a service, and closes all that it opened.
   *
   * @param service what to run; its options are annotated for picocli
   * @param lifetime ends the service
   * @param args the command line
   * @return the exit code
   */
  public int run(Service service, Lifetime lifetime, String... args) {
    CommandLine line =
        new CommandLine(service)
            .setDefaultValueProvider(new EnvironmentDefaults(prefix, environment))
            .setOut(new PrintWriter(screen.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    // Whoever mends a command line wants to know all that is wrong with it.
    line.getCommandSpec().parser().collectErrors(true);
    String name = line.getCommandName();
    try {
      ParseResult parsed = line.parseArgs(args);
      Integer helped = CommandLine.executeHelpRequest(parsed);
      if (helped != null) {
        return helped;
      }
      Mistakes mistakes = new Mistakes();
      parsed.errors().forEach(error -> mistakes.add(oneLine(error) + suggestion(error)));
      service.check(mistakes);
      return mistakes.isEmpty() ? service.run(lifetime, screen) : refused(name, mistakes);
    } catch (ParameterException e) {
      Mistakes mistakes = new Mistakes();
      mistakes.add(oneLine(e) + suggestion(e));
      return refused(name, mistakes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println(name + ": interrupted");
      return FAILED;
    } catch (Exception e) {
      return failed(service, name, lifetime, e);
    } finally {
      lifetime.close();
    }
  }

  private int refused(String name, Mistakes mistakes) {
    mistakes.sentences().forEach(sentence -> err.println(name + ": " + sentence));
    if (!mistakes.isMisuse()) {
      return FAILED;
    }
    err.println("Try '" + name + " --help' for all options.");
    return MISUSED;
  }

  private int failed(Service service, String name, Lifetime lifetime, Exception failure) {
    if (lifetime.isOver()) {
      log.debug("stopped while it was starting", failure);
      return service.codeWhenStopped();
    }
    if (!Sentence.isWorded(failure)) {
      log.error("unexpected failure", failure);
    }
    err.println(name + ": " + Sentence.of(failure));
    return FAILED;
  }

  private static String suggestion(Exception failure) {
    return failure instanceof UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? " (did you mean " + unmatched.getSuggestions().get(0) + "?)"
        : "";
  }

  private static String oneLine(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
