package dev.fairlead.core.store;

import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory of one's own, with a file for each table and a lock. */
final class Directory implements Place {

  /**
   * Names the tables that were all written: from then on, a file of theirs that is missing was
   * lost, while one of a table that is new is not there yet.
   */
  private static final String MARKER = "complete";

  private static final String FIRST_LINE = "The files beside this one belong together.";

  /** Those that a marker without names stands for. */
  private static final Set<String> FIRST_TABLES = Set.of("clusters", "install-tokens", "agents");

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final List<JsonKeeper<?>> keepers = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private @Nullable DirectoryLock lock;

  Directory(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  @Override
  public void open() {
    requirePrivate();
    lock = DirectoryLock.take(path);
  }

  private void requirePrivate() {
    try {
      if (!Files.exists(path)) {
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      if (!Files.isDirectory(path)) {
        throw new InvalidException("store directory: " + path + " is no directory (expected: one)");
      }
      Set<PosixFilePermission> wider = EnumSet.noneOf(PosixFilePermission.class);
      wider.addAll(Files.getPosixFilePermissions(path));
      String found = PosixFilePermissions.toString(wider);
      wider.removeAll(OWNER_ONLY);
      if (!wider.isEmpty()) {
        throw new InvalidException(
            "store directory: "
                + path
                + " has mode "
                + found
                + " (expected: rwx------, "
                + "since it holds who may do what; run: chmod 700 "
                + path
                + ")");
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new InvalidException(
          "store directory: "
              + path
              + " cannot be made or examined (expected: a directory that this process may write, "
              + "on a file system with POSIX permissions)",
          e);
    }
  }

  @Override
  public <V> Keeper<V> keeper(Form<V> form) {
    WholeFile file = new WholeFile(path.resolve(form.name() + ".json"));
    JsonKeeper<V> keeper = new JsonKeeper<>(form, file, () -> wasWritten(form.name()));
    keepers.add(keeper);
    names.add(form.name());
    return keeper;
  }

  private boolean wasWritten(String name) {
    Path marker = path.resolve(MARKER);
    if (!Files.exists(marker, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      List<String> lines = Files.readAllLines(marker);
      return lines.size() > 1 ? lines.contains(name) : FIRST_TABLES.contains(name);
    } catch (IOException e) {
      throw new InvalidException(
          "store directory: "
              + marker
              + " cannot be read (expected: a file that this process may read)",
          e);
    }
  }

  @Override
  public void opened() {
    try {
      for (JsonKeeper<?> keeper : keepers) {
        keeper.settle();
      }
      if (!names.stream().allMatch(this::wasWritten)) {
        String text = FIRST_LINE + "\n" + String.join("\n", names) + "\n";
        new WholeFile(path.resolve(MARKER)).write(text.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new InvalidException(
          "store directory: " + path + " cannot be written (expected: a writable disk with room)",
          e);
    }
  }

  @Override
  public void close() {
    DirectoryLock held = lock;
    lock = null;
    if (held != null) {
      held.release();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
