package dev.fairlead.benchmarks.lab;

import dev.fairlead.benchmarks.node.Node;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link Node} that runs. */
public final class NodeProcess implements AutoCloseable {

  private static final int END_SECONDS = 10;

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;
  private final Map<String, String> ready;

  private NodeProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.ready = pairs(answer());
  }

  /**
   * Starts a node, and waits until it is ready.
   *
   * @param prefix what the JVM is started by, such as {@code chrt}; may be empty
   * @param flags the JVM's
   * @param log gets what it writes to standard error
   */
  static NodeProcess start(
      List<String> prefix, String role, Map<String, String> options, List<String> flags, Path log) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Node.class.getName()));
    command.add(role);
    options.forEach((key, value) -> command.add(key + "=" + value));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
              .start();
      try {
        return new NodeProcess(role, process);
      } catch (LabException e) {
        process.destroyForcibly();
        throw new LabException(e.getMessage() + "; its log is " + log, e);
      }
    } catch (IOException e) {
      throw new LabException(role + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** What the node told when it was ready. */
  public String ready(String key) {
    String value = ready.get(key);
    if (value == null) {
      throw new LabException(name + ": told no " + key + " when it was ready");
    }
    return value;
  }

  /** Sends a command, and waits for what it is answered with. */
  public synchronized Map<String, String> command(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new LabException(name + ": has ended (expected: it runs)", e);
    }
    return pairs(answer());
  }

  /** What it has used up to now. */
  public ProcessUse use() {
    return use("stats");
  }

  /** What it has used up to now, after its garbage was collected. */
  public ProcessUse useAfterCollection() {
    return use("collect");
  }

  private ProcessUse use(String command) {
    Map<String, String> stats = command(command);
    return new ProcessUse(
        ProcessUse.cpuSeconds(process.pid()),
        ProcessUse.rss(process.pid()),
        Long.parseLong(stats.get("allocated")),
        Long.parseLong(stats.get("heap")) + Long.parseLong(stats.get("direct")));
  }

  /** The kernel's number of the process. */
  public long pid() {
    return process.pid();
  }

  private String answer() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new LabException(name + ": ended before it answered");
      }
      if (line.startsWith("failed ")) {
        throw new LabException(name + ": " + line.substring("failed ".length()));
      }
      return line;
    } catch (IOException e) {
      throw new LabException(name + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> pairs(String line) {
    Map<String, String> pairs = new HashMap<>();
    for (String word : line.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        pairs.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return pairs;
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
