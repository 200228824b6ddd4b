package dev.fairlead.testkit.cluster.wire;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** How a request is answered. */
public sealed interface Reply {

  /**
   * A complete answer.
   *
   * @param status HTTP status
   * @param headers response headers, without length and date
   * @param body the body
   */
  record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {}

  /**
   * A body that comes as it becomes available; over a WebSocket each chunk is one message.
   *
   * @param contentType its content type
   * @param source where it comes from
   * @param pulse how often {@link ChunkSource#pulse} is called, zero for never
   * @param lifetime after how long {@link ChunkSource#expire} is called, zero for never
   */
  record Streamed(String contentType, ChunkSource source, Duration pulse, Duration lifetime)
      implements Reply {}

  /**
   * A process behind an upgrade.
   *
   * @param stdin whether the client will send input
   * @param stdout whether it wants output
   * @param stderr whether it wants error output
   * @param tty whether it asked for a terminal, which it may resize
   * @param start starts the process once the streams are there
   */
  record Interactive(
      boolean stdin, boolean stdout, boolean stderr, boolean tty, Supplier<Process> start)
      implements Reply {

    /** {@return how many streams the client opens, the error stream included} */
    int streams() {
      return 1 + (stdin ? 1 : 0) + (stdout ? 1 : 0) + (stderr ? 1 : 0) + (tty ? 1 : 0);
    }
  }

  /**
   * Connections to ports behind an upgrade.
   *
   * @param connect opens one connection: its input and output are the process's
   * @param until when all of it ends
   */
  record Forwarded(IntFunction<Process> connect, Ending until) implements Reply {}
}
