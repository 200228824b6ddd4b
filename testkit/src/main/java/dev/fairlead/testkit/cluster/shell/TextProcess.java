package dev.fairlead.testkit.cluster.shell;

import dev.fairlead.testkit.cluster.wire.Process;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes what a supplier gives until it gives null, ignores its input, and exits. */
final class TextProcess implements Process {
  private final Supplier<byte @Nullable []> chunks;
  private final int code;
  private final boolean error;
  private boolean ended;

  TextProcess(Supplier<byte @Nullable []> chunks, int code) {
    this(chunks, code, false);
  }

  TextProcess(Supplier<byte @Nullable []> chunks, int code, boolean error) {
    this.chunks = chunks;
    this.code = code;
    this.error = error;
  }

  @Override
  public void stdin(byte[] bytes) {}

  @Override
  public void stdinClosed() {}

  @Override
  public @Nullable Output next() {
    byte[] chunk = chunks.get();
    ended = chunk == null;
    return chunk == null ? null : new Output(error, chunk);
  }

  @Override
  public OptionalInt exitCode() {
    return ended ? OptionalInt.of(code) : OptionalInt.empty();
  }
}
