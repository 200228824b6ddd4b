package dev.fairlead.testkit.cluster.shell;

import dev.fairlead.testkit.cluster.wire.Process;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What listens on every port of every pod: answers one HTTP request with a greeting and closes. */
public final class HelloServer implements Process {
  private static final int MAX_HEAD = 64 << 10;

  private final byte[] answer;
  private final StringBuilder head = new StringBuilder();
  private boolean asked;
  private boolean answered;

  public HelloServer(String pod, int port) {
    String body = "Hello from " + pod + ":" + port + "\n";
    answer =
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void stdin(byte[] bytes) {
    if (!asked) {
      head.append(new String(bytes, StandardCharsets.ISO_8859_1));
      asked = head.indexOf("\r\n\r\n") >= 0 || head.length() > MAX_HEAD;
    }
  }

  @Override
  public void stdinClosed() {
    answered = true;
  }

  @Override
  public @Nullable Output next() {
    if (!asked || answered) {
      return null;
    }
    answered = true;
    return new Output(false, answer);
  }

  @Override
  public OptionalInt exitCode() {
    return answered ? OptionalInt.of(0) : OptionalInt.empty();
  }
}
