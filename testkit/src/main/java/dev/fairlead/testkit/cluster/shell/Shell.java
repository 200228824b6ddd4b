package dev.fairlead.testkit.cluster.shell;

import dev.fairlead.testkit.cluster.wire.Process;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands of one container. */
public final class Shell {
  private static final int NOT_FOUND = 127;
  private static final List<String> ROOT =
      List.of("bin", "dev", "etc", "home", "proc", "tmp", "usr", "var");

  private final String hostname;
  private final Map<String, String> environment;

  /**
   * @param hostname what {@code hostname} prints
   * @param environment what {@code env} prints
   */
  public Shell(String hostname, Map<String, String> environment) {
    this.hostname = hostname;
    this.environment = Map.copyOf(environment);
  }

  /** {@return a process that runs the command; an unknown one exits with 127} */
  public Process run(List<String> command) {
    String name = command.isEmpty() ? "" : command.get(0);
    List<String> arguments = command.isEmpty() ? List.of() : command.subList(1, command.size());
    String base = name.substring(name.lastIndexOf('/') + 1);
    return switch (base) {
      case "echo" -> text(echo(arguments));
      case "cat" -> cat(arguments);
      case "env" ->
          text(
              environment.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(e -> e.getKey() + "=" + e.getValue() + "\n")
                  .collect(Collectors.joining()));
      case "hostname" -> text(hostname + "\n");
      case "ls" -> text(ROOT.stream().map(dir -> dir + "\n").collect(Collectors.joining()));
      case "seq" -> seq(arguments);
      case "true" -> text("");
      case "false" -> new TextProcess(() -> null, 1);
      case "exit" -> exit(arguments);
      case "sh", "bash" -> sh(arguments);
      default -> failure("sh: " + name + ": command not found\n", NOT_FOUND);
    };
  }

  private static String echo(List<String> arguments) {
    boolean bare = !arguments.isEmpty() && arguments.get(0).equals("-n");
    List<String> words = bare ? arguments.subList(1, arguments.size()) : arguments;
    return String.join(" ", words) + (bare ? "" : "\n");
  }

  private static Process cat(List<String> arguments) {
    if (arguments.isEmpty() || arguments.equals(List.of("-"))) {
      return new EchoProcess();
    }
    return failure("cat: " + arguments.get(0) + ": No such file or directory\n", 1);
  }

  private static Process exit(List<String> arguments) {
    Integer code = arguments.isEmpty() ? Integer.valueOf(0) : number(arguments.get(0));
    return code == null
        ? failure("sh: exit: " + arguments.get(0) + ": numeric argument required\n", 2)
        : new TextProcess(() -> null, code & 0xff);
  }

  private static Process seq(List<String> arguments) {
    List<Integer> numbers = new ArrayList<>();
    for (String argument : arguments) {
      Integer number = number(argument);
      if (number == null) {
        return failure("seq: invalid number '" + argument + "'\n", 1);
      }
      numbers.add(number);
    }
    if (numbers.isEmpty() || numbers.size() > 2) {
      return failure("usage: seq [FIRST] LAST\n", 1);
    }
    int first = numbers.size() == 1 ? 1 : numbers.get(0);
    return new TextProcess(new Sequence(first, numbers.get(numbers.size() - 1)), 0);
  }

  private Process sh(List<String> arguments) {
    if (arguments.isEmpty()) {
      return new LineShell(this);
    }
    if (arguments.get(0).equals("-c") && arguments.size() > 1) {
      return run(words(arguments.get(1)));
    }
    return failure("sh: " + arguments.get(0) + ": expected -c \"COMMAND\"\n", 2);
  }

  /** Splits a line into words; quotes keep spaces. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean started = false;
    for (char c : line.toCharArray()) {
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        started = true;
      } else if (Character.isWhitespace(c)) {
        if (started) {
          words.add(word.toString());
          word.setLength(0);
          started = false;
        }
      } else {
        word.append(c);
        started = true;
      }
    }
    if (started) {
      words.add(word.toString());
    }
    return words;
  }

  private static @Nullable Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // the caller says what was expected
    }
  }

  private static Process text(String output) {
    return new TextProcess(once(output), 0);
  }

  private static Process failure(String message, int code) {
    return new TextProcess(once(message), code, true);
  }

  private static Supplier<byte @Nullable []> once(String text) {
    return new Supplier<>() {
      private boolean taken = text.isEmpty();

      @Override
      public byte @Nullable [] get() {
        if (taken) {
          return null;
        }
        taken = true;
        return text.getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  /** Numbers in chunks, made only as fast as they are taken. */
  private static final class Sequence implements Supplier<byte @Nullable []> {
    private static final int LINES = 2000;

    private final long last;
    private long next;

    Sequence(int first, int last) {
      this.next = first;
      this.last = last;
    }

    @Override
    public byte @Nullable [] get() {
      if (next > last) {
        return null;
      }
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < LINES && next <= last; i++) {
        lines.append(next++).append('\n');
      }
      return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
