package dev.fairlead.cli;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.kubeconfig.Kubeconfig;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Somebody's kubeconfig. It is changed as kubectl changes it, with its lock beside it, and replaced
 * as a whole, with the former one kept.
 */
final class KubeconfigFile {

  private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Duration STEP = Duration.ofMillis(50);
  private static final int STEPS = 100;
  private static final int LARGEST = 16 * 1024 * 1024;

  private final Path file;
  private final Pause pause;

  private KubeconfigFile(Path file, Pause pause) {
    this.file = file;
    this.pause = pause;
  }

  /** Where a symbolic link leads, so that the link stays. */
  static KubeconfigFile at(Path file, Pause pause) {
    try {
      return new KubeconfigFile(
          Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize(), pause);
    } catch (IOException e) {
      throw new Refusal(file + ": cannot be resolved (expected: a kubeconfig)", e);
    }
  }

  /** The one that kubectl writes to: the first in $KUBECONFIG, else ~/.kube/config. */
  static Path usual(Surroundings here) {
    return here.variable("KUBECONFIG")
        .flatMap(
            list ->
                Arrays.stream(list.split(File.pathSeparator))
                    .filter(one -> !one.isEmpty())
                    .findFirst())
        .map(Path::of)
        .orElse(here.home().resolve(".kube/config"));
  }

  /** What became of it. */
  record Changed(Kubeconfig kubeconfig, boolean written, boolean keptFormer) {}

  /** Where the former one is kept. */
  Path former() {
    return file.resolveSibling(file.getFileName() + ".before-fairlead");
  }

  Changed change(UnaryOperator<Kubeconfig> change) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      take(lock);
      try {
        return changeLocked(change);
      } finally {
        Files.deleteIfExists(lock);
      }
    } catch (InvalidException e) {
      throw new Refusal(e.getMessage() + "; nothing was changed", e);
    } catch (IOException e) {
      throw new Refusal(
          file + ": " + e.getClass().getSimpleName() + " (expected: a file you may write to)", e);
    }
  }

  private void take(Path lock) throws IOException {
    for (int i = 0; i < STEPS; i++) {
      try {
        Files.createFile(lock, FOR_OWNER);
        return;
      } catch (FileAlreadyExistsException e) {
        pause.pause(STEP);
      }
    }
    throw new Refusal(
        lock
            + ": is there, so that another program seems to change the kubeconfig; if none does,"
            + " remove it");
  }

  private Changed changeLocked(UnaryOperator<Kubeconfig> change) throws IOException {
    boolean there = Files.exists(file);
    String text = there ? read() : "";
    Kubeconfig before = Kubeconfig.parse(text, file.toString());
    Kubeconfig after = change.apply(before);
    if (after.toYaml().equals(text)) {
      return new Changed(after, false, false);
    }
    if (there) {
      replace(former(), text);
    }
    replace(file, after.toYaml());
    return new Changed(after, true, there);
  }

  private String read() throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new Refusal(file + ": more than " + LARGEST + " bytes (expected: a kubeconfig)");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static void replace(Path place, String text) throws IOException {
    Path draft = place.resolveSibling("." + place.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel out =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FOR_OWNER)) {
      ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
