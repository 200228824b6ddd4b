package dev.fairlead.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A standalone hub in a process of its own. */
final class HubProcess implements AutoCloseable {

  private static final String MAIN = "dev.fairlead.examples.StandaloneHub";

  private final Path directory;
  private final List<String> options;
  private JavaProgram program;
  private final Properties ready;

  private HubProcess(Path directory, String agents, List<String> options, List<String> onceOnly) {
    this.directory = directory;
    this.options = List.copyOf(options);
    List<String> more = new ArrayList<>(options);
    more.addAll(onceOnly);
    this.program = launch(directory, "127.0.0.1:0", agents, more);
    this.ready = program.awaitReady();
  }

  /** Starts a hub that knows all users, and issues an install token for each cluster. */
  static HubProcess start(Path directory, String roles, List<String> clusters, String... options) {
    StringBuilder tokens = new StringBuilder();
    for (User user : User.values()) {
      tokens.append(user.tokenLine());
    }
    Places.write(directory.resolve("tokens.csv"), tokens.toString());
    Places.write(directory.resolve("roles.yaml"), roles);
    List<String> tokensOfAgents = new ArrayList<>();
    for (String cluster : clusters) {
      tokensOfAgents.addAll(
          List.of("--install-token", cluster + "=" + directory.resolve(cluster + ".token")));
    }
    return new HubProcess(directory, "127.0.0.1:0", List.of(options), tokensOfAgents);
  }

  private static JavaProgram launch(
      Path directory, String users, String agents, List<String> more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--data", directory.resolve("hub").toString()));
    arguments.addAll(List.of("--listen", users, "--agents", agents));
    arguments.addAll(List.of("--roles", directory.resolve("roles.yaml").toString()));
    arguments.addAll(List.of("--tokens", directory.resolve("tokens.csv").toString()));
    arguments.addAll(List.of("--drain", "1"));
    arguments.addAll(more);
    return JavaProgram.start(
        MAIN, directory.resolve("hub.log"), directory.resolve("hub.ready"), arguments);
  }

  /** Starts a hub of the cluster {@code real}, whose agent dials a certain address. */
  static HubProcess dialledAt(Path directory, String agents, String... options) {
    StringBuilder tokens = new StringBuilder();
    for (User user : User.values()) {
      tokens.append(user.tokenLine());
    }
    Places.write(directory.resolve("tokens.csv"), tokens.toString());
    Places.write(directory.resolve("roles.yaml"), Site.ROLES);
    List<String> token = List.of("--install-token", "real=" + directory.resolve("real.token"));
    return new HubProcess(directory, agents, List.of(options), token);
  }

  /** Where users come in, as host:port. */
  String users() {
    return ready.getProperty("users");
  }

  /** Where agents dial, as host:port. */
  String agents() {
    return ready.getProperty("agents");
  }

  /** The certificate of its CA, in PEM. */
  Path ca() {
    return Path.of(ready.getProperty("ca"));
  }

  String pin() {
    return ready.getProperty("pin");
  }

  /** What its process holds. */
  Footprint footprint() {
    return program.footprint();
  }

  void kill() {
    program.kill();
  }

  /** Starts it again, with what it kept, where it was and as it was told. */
  void startAgain() {
    program = launch(directory, users(), agents(), options);
    program.awaitReady();
  }

  @Override
  public void close() {
    program.close();
  }
}
