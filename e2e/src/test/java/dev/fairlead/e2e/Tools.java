package dev.fairlead.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs the tests stand on. */
final class Tools {

  private static final Pattern MINOR = Pattern.compile("kubectl\\.1\\.(\\d+)");

  private Tools() {}

  /** The root of this checkout. */
  static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    for (Path place = here; place != null; place = place.getParent()) {
      if (Files.exists(place.resolve("mvnw"))) {
        return place;
      }
    }
    throw new AssertionError(here + ": not in a checkout (expected: mvnw in it or above it)");
  }

  /** Brings up real control planes. */
  static Path controlPlane() {
    String named = System.getenv("FAIRLEAD_CONTROL_PLANE");
    Path tool =
        checkout().resolve(named == null ? "../shared/tools/control-plane/control-plane" : named);
    if (!Files.isExecutable(tool)) {
      throw new AssertionError(
          "no control-plane tool at "
              + tool.normalize()
              + ": set FAIRLEAD_CONTROL_PLANE to its path");
    }
    return tool.normalize();
  }

  /** A program on the PATH; {@code hint} says how to get it. */
  static Path program(String name, String hint) {
    return onPath(name)
        .orElseThrow(() -> new AssertionError("no " + name + " on the PATH: " + hint));
  }

  /** Where etcd, the API server and what else belongs to a control plane lie. */
  static Path programs() {
    return Path.of(
        Command.of(controlPlane(), "bin").run(Duration.ofMinutes(15)).succeeded().stdout().strip());
  }

  static Path helm() {
    Path helm = programs().resolve("helm");
    if (!Files.isExecutable(helm)) {
      throw new AssertionError("no helm in " + programs() + ": run '" + controlPlane() + " build'");
    }
    return helm;
  }

  /** All that lie beside the kubectl of the machine, the oldest first. */
  static List<Path> allKubectls() {
    Path machine = program("kubectl", "see https://kubernetes.io/docs/tasks/tools");
    List<Path> versions = versionsBeside(machine);
    if (versions.isEmpty()) {
      throw new AssertionError(
          "no kubectl.1.NN beside "
              + machine
              + ": install google-cloud-cli's kubectl, which brings several versions");
    }
    return versions;
  }

  /** One of a version, such as 1.31. */
  static Path kubectl(String version) {
    return allKubectls().stream()
        .filter(file -> file.endsWith("kubectl." + version))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no kubectl " + version + " (found: " + allKubectls() + ")"));
  }

  static Path oldestKubectl() {
    return allKubectls().get(0);
  }

  static Path newestKubectl() {
    List<Path> all = allKubectls();
    return all.get(all.size() - 1);
  }

  private static List<Path> versionsBeside(Path machine) {
    try (Stream<Path> files = Files.list(machine.toRealPath().getParent())) {
      return files
          .filter(file -> MINOR.matcher(file.getFileName().toString()).matches())
          .sorted(Comparator.comparingInt(Tools::minor))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int minor(Path kubectl) {
    Matcher name = MINOR.matcher(kubectl.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : -1;
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
