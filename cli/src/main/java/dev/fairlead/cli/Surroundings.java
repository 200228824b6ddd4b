package dev.fairlead.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that a command touches outside of itself.
 *
 * @param environment the environment variables
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param terminal whether somebody sits at a terminal
 * @param secrets asks for a secret without showing it; nothing if nobody can be asked
 * @param clock the time
 * @param pause how time passes
 * @param browser shows pages
 * @param random makes secrets
 */
record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Function<String, Optional<String>> secrets,
    InstantSource clock,
    Pause pause,
    Browser browser,
    SecureRandom random) {

  private static final int LONGEST_SECRET = 16 * 1024;

  /** This process's own. */
  static Surroundings ofProcess() {
    Map<String, String> environment = System.getenv();
    Console console = System.console();
    return new Surroundings(
        environment,
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        console != null,
        prompt -> {
          char[] secret = console == null ? null : console.readPassword("%s", prompt);
          return Optional.ofNullable(secret).map(String::new);
        },
        InstantSource.system(),
        Pause.REAL,
        Browser.ofSystem(environment),
        new SecureRandom());
  }

  boolean colours() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  Talk talk() {
    return new Talk(err, terminal, colours(), signs());
  }

  /** Whether the locale has more than ASCII. */
  private boolean signs() {
    String locale =
        variable("LC_ALL").or(() -> variable("LC_CTYPE")).or(() -> variable("LANG")).orElse("");
    return locale.toUpperCase(Locale.ROOT).replace("-", "").endsWith("UTF8");
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  Path home() {
    return Path.of(variable("HOME").orElse(System.getProperty("user.home", ".")));
  }

  /** Where sign-ins are kept: {@code $XDG_CONFIG_HOME/fairlead} (XDG Base Directory). */
  Sessions sessions() {
    // The specification has relative paths ignored.
    Path config =
        variable("XDG_CONFIG_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElse(home().resolve(".config"));
    return new Sessions(new StateDirectory(config.resolve("fairlead"), pause));
  }

  Renewal renewal() {
    return new Renewal(sessions(), clock);
  }

  /** The first line of standard input. */
  String secretFromInput(String option) {
    try {
      byte[] bytes = in.readNBytes(LONGEST_SECRET + 1);
      String line = new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      if (line.isEmpty() || bytes.length > LONGEST_SECRET) {
        throw new Refusal(option + ": " + bytes.length + " bytes (expected: one line of input)");
      }
      return line;
    } catch (IOException e) {
      throw new Refusal(option + ": standard input cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "Surroundings";
  }
}
