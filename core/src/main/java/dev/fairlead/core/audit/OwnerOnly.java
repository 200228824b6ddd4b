package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that nobody but their owner may read or write, where the file system knows of owners. */
final class OwnerOnly {

  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  static FileAttribute<?>[] attributes(Path path) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(MODE)}
        : new FileAttribute<?>[0];
  }

  static FileAttribute<?>[] directoryAttributes(Path path) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(DIRECTORY_MODE)}
        : new FileAttribute<?>[0];
  }

  static void require(Path path) throws IOException {
    require(path, MODE);
  }

  static void requireDirectory(Path path) throws IOException {
    require(path, DIRECTORY_MODE);
  }

  private static void require(Path path, Set<PosixFilePermission> mode) throws IOException {
    if (!isPosix(path)) {
      return;
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(path);
    if (!mode.containsAll(found)) {
      throw new IOException(
          path
              + ": mode "
              + PosixFilePermissions.toString(found)
              + " (expected: "
              + PosixFilePermissions.toString(mode)
              + ")");
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
