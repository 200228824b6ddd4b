package dev.fairlead.examples.program;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Standard output, and what it can show.
 *
 * @param out where text goes
 * @param isTerminal whether somebody watches, so that colours are welcome
 * @param hasSigns whether it shows more than ASCII
 */
public record Screen(PrintStream out, boolean isTerminal, boolean hasSigns) {

  private static final String TICK = "\u2713";

  /**
   * This process's own.
   *
   * @param environment all environment variables
   * @return standard output in the terminal's own character set
   */
  static Screen of(Map<String, String> environment) {
    Charset charset = charset(environment);
    return new Screen(
        new PrintStream(System.out, true, charset),
        System.console() != null && !environment.containsKey("NO_COLOR"),
        charset.newEncoder().canEncode(TICK));
  }

  /** The JVM's own guess differs from version to version. */
  static Charset charset(Map<String, String> environment) {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    String name = locale.toUpperCase(Locale.ROOT).replace("-", "");
    return name.endsWith("UTF8") ? StandardCharsets.UTF_8 : Charset.defaultCharset();
  }

  /**
   * The sign for what is done.
   *
   * @return a tick, or {@code ok} where there are no ticks
   */
  public String tick() {
    return coloured("32", hasSigns ? TICK : "ok");
  }

  /**
   * Text that stands out.
   *
   * @param text what
   * @return the text, bold on a terminal
   */
  public String bold(String text) {
    return coloured("1", text);
  }

  private String coloured(String code, String text) {
    return isTerminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
