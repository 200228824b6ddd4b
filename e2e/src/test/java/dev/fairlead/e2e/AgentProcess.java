package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A standalone agent in a process of its own. */
final class AgentProcess implements AutoCloseable {

  private static final String MAIN = "dev.fairlead.examples.StandaloneAgent";

  private final Path directory;
  private final String cluster;
  private final List<String> arguments;
  private JavaProgram program;

  private AgentProcess(
      Path directory, String cluster, List<String> arguments, JavaProgram program) {
    this.directory = directory;
    this.cluster = cluster;
    this.arguments = arguments;
    this.program = program;
    program.awaitReady();
  }

  /**
   * Starts an agent with the install token that the hub issued, and waits until it is connected.
   */
  static AgentProcess start(Path directory, HubProcess hub, String cluster, Path kubeconfig) {
    return start(directory, hub, hub.agents(), cluster, kubeconfig, List.of());
  }

  /** The same, for an agent that dials another address, with further options. */
  static AgentProcess start(
      Path directory,
      HubProcess hub,
      String dialled,
      String cluster,
      Path kubeconfig,
      List<String> options) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            "--hub",
            dialled,
            "--hub-ca",
            hub.pin(),
            "--data",
            directory.resolve("agent-" + cluster).toString(),
            "--kubeconfig",
            kubeconfig.toString(),
            "--drain",
            "1"));
    Path token = directory.resolve(cluster + ".token");
    List<String> first = new ArrayList<>(arguments);
    first.addAll(List.of("--install-token", token.toString()));
    AgentProcess agent =
        new AgentProcess(directory, cluster, arguments, launch(directory, cluster, first));
    try {
      Files.delete(token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return agent;
  }

  private static JavaProgram launch(Path directory, String cluster, List<String> arguments) {
    return JavaProgram.start(
        MAIN,
        directory.resolve("agent-" + cluster + ".log"),
        directory.resolve("agent-" + cluster + ".ready"),
        arguments);
  }

  void kill() {
    program.kill();
  }

  /** Starts it again without a token, with the certificate it kept, and waits until connected. */
  void startAgain() {
    program = launch(directory, cluster, arguments);
    program.awaitReady();
  }

  @Override
  public void close() {
    program.close();
  }
}
