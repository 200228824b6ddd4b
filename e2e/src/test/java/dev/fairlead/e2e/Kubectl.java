package dev.fairlead.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One kubectl with a kubeconfig. */
record Kubectl(Path binary, Path kubeconfig, Path home, List<String> flags) {

  private static final Duration DEADLINE = Duration.ofSeconds(90);

  Kubectl {
    flags = List.copyOf(flags);
  }

  /** How kubectl is called in the names of tests. */
  static String nameOf(Path binary) {
    return binary.getFileName().toString();
  }

  /** The same, with flags that come before each command's own arguments. */
  Kubectl with(String... more) {
    return new Kubectl(
        binary,
        kubeconfig,
        home,
        java.util.stream.Stream.concat(flags.stream(), List.of(more).stream()).toList());
  }

  /** The same without flags. */
  Kubectl plain() {
    return new Kubectl(binary, kubeconfig, home, List.of());
  }

  /** The same with another kubeconfig. */
  Kubectl at(Path other) {
    return new Kubectl(binary, other, home, flags);
  }

  /** A command with these arguments. */
  Command command(String... arguments) {
    return Command.of(binary, "--kubeconfig", kubeconfig.toString())
        .with(flags.toArray(String[]::new))
        .with(arguments)
        .env("HOME", home.toString())
        .env("KUBECACHEDIR", home.resolve("cache-" + nameOf(binary)).toString());
  }

  /** Runs a command to its end. */
  Outcome run(String... arguments) {
    return command(arguments).run(DEADLINE);
  }

  /** Starts a command that goes on. */
  Running start(String... arguments) {
    return command(arguments).start();
  }
}
