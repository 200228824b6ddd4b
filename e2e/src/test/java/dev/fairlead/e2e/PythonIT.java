package dev.fairlead.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The official Python client, with all it stands on pinned. */
class PythonIT extends ClientComparison {

  private final Path sources = Tools.checkout().resolve("e2e/src/test/python");
  private final Path environment = Tools.checkout().resolve("e2e/target/python");

  @BeforeAll
  void install(ControlPlane shared) {
    Command.of(Tools.program("python3", "see https://www.python.org"), "-m", "venv")
        .with(environment.toString())
        .run(Duration.ofMinutes(2))
        .succeeded();
    Command.of(environment.resolve("bin/pip"), "install", "--quiet")
        .with("--disable-pip-version-check")
        .with("--requirement", sources.resolve("requirements.txt").toString())
        .run(Duration.ofMinutes(5))
        .succeeded();
    start(shared);
  }

  @Override
  String client() {
    return "Python 37.0.0";
  }

  @Override
  List<String> commands() {
    return List.of("list", "watch", "exec");
  }

  @Override
  Command command(String command, Path kubeconfig, String namespace) {
    return Command.of(environment.resolve("bin/python"), sources.resolve("client.py").toString())
        .with(kubeconfig.toString(), namespace, command);
  }
}
