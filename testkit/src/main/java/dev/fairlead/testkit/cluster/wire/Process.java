package dev.fairlead.testkit.cluster.wire;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Something that reads input and writes output inside the JVM. Called on the connection's thread,
 * but for the callback given to {@link #onAvailable}.
 */
public interface Process {

  /**
   * Some output.
   *
   * @param error whether it is error output
   * @param bytes the output
   */
  record Output(boolean error, byte[] bytes) {}

  void stdin(byte[] bytes);

  void stdinClosed();

  /** {@return the next output, or null when there is none right now} */
  @Nullable Output next();

  /** {@return the exit code once it has ended and all output was taken} */
  OptionalInt exitCode();

  /** Sets what to call, from any thread, when there may be output or an exit code. */
  default void onAvailable(Runnable callback) {}

  /** Called once at the end, whatever ended it. */
  default void close() {}
}
