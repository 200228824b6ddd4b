package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Go program of {@code src/test/go}, with versions pinned in its {@code go.sum}. */
final class GoProgram {

  private static final Duration BUILD = Duration.ofMinutes(5);

  private GoProgram() {}

  /** Builds it, and returns where the executable is. */
  static Path build(String name) {
    Path sources = Tools.checkout().resolve("e2e/src/test/go").resolve(name);
    Path executable = Tools.checkout().resolve("e2e/target/go").resolve(name);
    try {
      Files.createDirectories(executable.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of(
            Tools.program("go", "see https://go.dev/dl"),
            "-C",
            sources.toString(),
            "build",
            "-mod=readonly",
            "-o",
            executable.toString(),
            ".")
        .run(BUILD)
        .succeeded();
    return executable;
  }
}
