package dev.fairlead.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  static Path helm() {
    String bin =
        Command.of(controlPlane(), "bin").run(Duration.ofMinutes(15)).succeeded().stdout().strip();
    Path helm = Path.of(bin, "helm");
    if (!Files.isExecutable(helm)) {
      throw new AssertionError("no helm in " + bin + ": run '" + controlPlane() + " build'");
    }
    return helm;
  }

  /**
   * The kubectl of the machine, and the oldest and the newest of those with a version beside it.
   */
  static List<Path> kubectls() {
    Path machine =
        onPath("kubectl")
            .orElseThrow(
                () ->
                    new AssertionError(
                        "no kubectl on the PATH: see https://kubernetes.io/docs/tasks/tools"));
    List<Path> versions = versionsBeside(machine);
    if (versions.isEmpty()) {
      throw new AssertionError(
          "no kubectl.1.NN beside "
              + machine
              + ": install google-cloud-cli's kubectl, which brings several versions");
    }
    List<Path> chosen = new ArrayList<>(List.of(machine, versions.get(0)));
    chosen.add(versions.get(versions.size() - 1));
    return List.copyOf(chosen);
  }

  static Path oldestKubectl() {
    return kubectls().get(1);
  }

  static Path newestKubectl() {
    return kubectls().get(2);
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
