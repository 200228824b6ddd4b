package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of a kubeconfig come from. */
sealed interface KubeconfigSource {

  /** Reads the parts; the first that names something wins. */
  List<Config> parse();

  /** Files, as of the environment variable {@code KUBECONFIG}. */
  record Files(List<Path> paths) implements KubeconfigSource {
    @Override
    public List<Config> parse() {
      List<Config> parts = new ArrayList<>();
      for (Path path : paths) {
        if (java.nio.file.Files.isReadable(path) && java.nio.file.Files.isRegularFile(path)) {
          parts.add(parse(path));
        } else if (paths.size() == 1 || java.nio.file.Files.exists(path)) {
          throw new InvalidException(
              "kubeconfig: "
                  + path
                  + (java.nio.file.Files.exists(path) ? " cannot be read" : " does not exist")
                  + " (expected: a readable file; give the path of the one that kubectl uses)");
        }
      }
      if (parts.isEmpty()) {
        throw new InvalidException(
            "kubeconfig: none of " + paths + " exists (expected: at least one does)");
      }
      return parts;
    }

    private static Config parse(Path path) {
      try {
        return KubeConfigUtils.parseConfig(path.toFile());
      } catch (RuntimeException e) {
        // The cause quotes the file, which holds secrets.
        throw malformed(path.toString());
      }
    }

    @Override
    public String toString() {
      return paths.toString();
    }
  }

  /** A kubeconfig's text. */
  record Text(String content) implements KubeconfigSource {
    @Override
    public List<Config> parse() {
      try {
        return List.of(KubeConfigUtils.parseConfigFromString(content));
      } catch (RuntimeException e) {
        // The cause quotes the text, which holds secrets.
        throw malformed("the given text");
      }
    }

    @Override
    public String toString() {
      return "[text]";
    }
  }

  private static InvalidException malformed(String source) {
    return new InvalidException(
        "kubeconfig: "
            + source
            + " is no kubeconfig (expected: YAML with clusters, users and contexts)");
  }
}
