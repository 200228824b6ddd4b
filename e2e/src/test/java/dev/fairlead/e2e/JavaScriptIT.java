package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The official JavaScript client, as npm's lock file pins it. */
class JavaScriptIT extends ClientComparison {

  private Path program;

  @BeforeAll
  void install(ControlPlane shared) {
    Path sources = Tools.checkout().resolve("e2e/src/test/js");
    Path target = Tools.checkout().resolve("e2e/target/js");
    try {
      Files.createDirectories(target);
      for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
        Files.copy(
            sources.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of(Tools.program("npm", "see https://nodejs.org"), "--prefix", target.toString())
        .with("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        .run(Duration.ofMinutes(5))
        .succeeded();
    program = target.resolve("client.mjs");
    start(shared);
  }

  @Override
  String client() {
    return "JavaScript 1.4.0";
  }

  @Override
  List<String> commands() {
    return List.of("objects", "watch", "exec", "port-forward");
  }

  @Override
  Command command(String command, Path kubeconfig, String namespace) {
    return Command.of(Tools.program("node", "see https://nodejs.org"), program.toString())
        .with(kubeconfig.toString(), namespace, command);
  }
}
