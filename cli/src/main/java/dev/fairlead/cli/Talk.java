package dev.fairlead.cli;

import java.io.PrintStream;
import java.time.Duration;

/** What a person reads while a command runs: standard error, so that output stays output. */
final class Talk {

  private static final String[] TURNS = {"|", "/", "-", "\\"};

  private final PrintStream err;
  private final boolean terminal;
  private final boolean colours;
  private final boolean signs;
  private int turn;
  private boolean inProgress;

  /**
   * Talks to somebody.
   *
   * @param err where to
   * @param terminal whether a line can be written over
   * @param colours whether it shows colours
   * @param signs whether it shows more than ASCII
   */
  Talk(PrintStream err, boolean terminal, boolean colours, boolean signs) {
    this.err = err;
    this.signs = signs;
    this.terminal = terminal;
    this.colours = colours;
  }

  void say(String line) {
    progressEnds();
    err.println(line);
  }

  /** Something was achieved. */
  void done(String line) {
    say(coloured("32", signs ? "\u2713" : "ok:") + " " + line);
  }

  /** What to do next. */
  void next(String line) {
    say(coloured("2", "Next: ") + line);
  }

  /** Something that is not as it should be, though the command goes on. */
  void warn(String line) {
    say(coloured("33", "warning: ") + line);
  }

  void refuse(String line) {
    say(coloured("31", "fairlead: ") + line);
  }

  String bold(String text) {
    return coloured("1", text);
  }

  private String coloured(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** Shows on a terminal, in one line, that something is being waited for. */
  void progress(String what, Duration left) {
    if (!terminal) {
      return;
    }
    inProgress = true;
    String minutes = "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
    err.print("\r" + TURNS[turn++ % TURNS.length] + " " + what + ", " + minutes + " left \u001b[K");
    err.flush();
  }

  void progressEnds() {
    if (inProgress) {
      inProgress = false;
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
