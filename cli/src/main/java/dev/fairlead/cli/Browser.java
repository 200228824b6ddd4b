package dev.fairlead.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Shows pages to whoever sits at this machine. */
@FunctionalInterface
interface Browser {

  /** Opens a page; returns false if nobody would see it. */
  boolean open(URI page);

  /** Whether a browser may be expected here. */
  static boolean isLikely(Map<String, String> environment) {
    return program(environment).isPresent() && !environment.containsKey("SSH_CONNECTION");
  }

  /** The system's own. */
  static Browser ofSystem(Map<String, String> environment) {
    return page ->
        program(environment).map(program -> start(List.of(program, page.toString()))).orElse(false);
  }

  private static Optional<String> program(Map<String, String> environment) {
    String chosen = environment.getOrDefault("BROWSER", "");
    if (!chosen.isEmpty()) {
      return Optional.of(chosen);
    }
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")) {
      return Optional.of("open");
    }
    boolean screen =
        environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
    return screen ? Optional.of("xdg-open") : Optional.empty();
  }

  private static boolean start(List<String> command) {
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
