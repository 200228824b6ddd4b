package dev.fairlead.testkit.cluster.shell;

import dev.fairlead.testkit.cluster.wire.Process;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Runs each line of its input as a command, one after the other, until {@code exit} or the end. */
final class LineShell implements Process {
  private static final int MAX_LINE = 8192;

  private final Shell shell;
  private final Deque<Process> running = new ArrayDeque<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private final StringBuilder partial = new StringBuilder();
  private boolean closed;
  private int code;

  LineShell(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void stdin(byte[] bytes) {
    for (char c : new String(bytes, StandardCharsets.UTF_8).toCharArray()) {
      if (c == 4) {
        closed = true;
      } else if (c == '\n' || c == '\r') {
        lines.add(partial.toString());
        partial.setLength(0);
      } else if (partial.length() < MAX_LINE) {
        partial.append(c);
      }
    }
  }

  @Override
  public void stdinClosed() {
    if (!partial.isEmpty()) {
      lines.add(partial.toString());
      partial.setLength(0);
    }
    closed = true;
  }

  @Override
  public @Nullable Output next() {
    while (true) {
      Process current = running.peek();
      if (current != null) {
        Output output = current.next();
        if (output != null) {
          return output;
        }
        code = current.exitCode().orElse(code);
        running.remove();
        continue;
      }
      String line = lines.poll();
      if (line == null) {
        return null;
      }
      List<String> words = Shell.words(line);
      if (!words.isEmpty()) {
        Process next = shell.run(words);
        // A command that reads would take the lines meant for the shell: it gets an empty input.
        next.stdinClosed();
        running.add(next);
        if (words.get(0).equals("exit")) {
          lines.clear();
          closed = true;
        }
      }
    }
  }

  @Override
  public OptionalInt exitCode() {
    boolean idle = running.isEmpty() && lines.isEmpty();
    return closed && idle ? OptionalInt.of(code) : OptionalInt.empty();
  }
}
