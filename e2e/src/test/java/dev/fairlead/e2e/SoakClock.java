package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * The wall clock of a program, and of nobody else: {@code src/test/c/wallclock.c}, which the
 * program is started with, adds to it what a file says.
 */
final class SoakClock {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Path library;
  private final Path file;

  private SoakClock(Path library, Path file) {
    this.library = library;
    this.file = file;
  }

  /** What makes programs start with a clock of their own; it takes a C compiler. */
  static Path library(Path directory) {
    Path library = directory.resolve("libwallclock.so");
    Command.of(Tools.program("cc", "apt-get install gcc libc6-dev"), "-O2", "-shared", "-fPIC")
        .with("-o", library.toString())
        .with(Tools.checkout().resolve("e2e/src/test/c/wallclock.c").toString(), "-ldl")
        .run(SOON)
        .succeeded();
    return library;
  }

  /** One that shows the right time, and is set through a file of that name. */
  static SoakClock right(Path library, Path file) {
    SoakClock clock = new SoakClock(library, file);
    clock.set(Duration.ZERO);
    return clock;
  }

  /** What makes a program run by this clock, and say what it does. */
  List<String> program() {
    return List.of(
        "/usr/bin/env", "LD_PRELOAD=" + library, "SOAK_CLOCK=" + file, "fairlead.log.level=info");
  }

  /** Has it show a time so far ahead of the right one, or behind it. */
  void set(Duration ahead) {
    ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    seconds.putLong(0, ahead.toSeconds());
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(seconds, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
