package dev.fairlead.testkit.cluster.shell;

import dev.fairlead.testkit.cluster.wire.Process;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Copies input to output until the input ends. The connection stops reading while output waits. */
final class EchoProcess implements Process {
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private boolean closed;

  @Override
  public void stdin(byte[] bytes) {
    waiting.add(bytes);
  }

  @Override
  public void stdinClosed() {
    closed = true;
  }

  @Override
  public @Nullable Output next() {
    byte[] bytes = waiting.poll();
    return bytes == null ? null : new Output(false, bytes);
  }

  @Override
  public OptionalInt exitCode() {
    return closed && waiting.isEmpty() ? OptionalInt.of(0) : OptionalInt.empty();
  }
}
