package dev.fairlead.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that belongs to this process's user and to nobody else. Symbolic links, foreign
 * owners and wider permissions are refused, each with what was found and what to do.
 */
final class PrivateDirectory {

  static final int MAX_BYTES = 64 * 1024;

  /** Permissions, as octal digits for messages and as the set that is allowed at most. */
  enum Mode {
    DIRECTORY("0700", "rwx------"),
    SECRET("0600", "rw-------"),
    PUBLIC("0644", "rw-r--r--");

    private final String octal;
    private final String permissions;

    Mode(String octal, String permissions) {
      this.octal = octal;
      this.permissions = permissions;
    }

    private Set<PosixFilePermission> set() {
      return PosixFilePermissions.fromString(permissions);
    }
  }

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  /** The directory if it exists, once it has been found to be private. */
  static Optional<PrivateDirectory> existing(Path path) throws IOException {
    requirePosix(path);
    Optional<PosixFileAttributes> found = attributes(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (!found.get().isDirectory()) {
      throw refused(path, kind(found.get()) + " (expected: a directory)");
    }
    check(path, found.get(), Mode.DIRECTORY);
    return Optional.of(new PrivateDirectory(path));
  }

  /** Makes a directory that must not exist yet. */
  static PrivateDirectory create(Path path) throws IOException {
    requirePosix(path);
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(Mode.DIRECTORY.set()));
    return new PrivateDirectory(path);
  }

  Path path() {
    return path;
  }

  boolean holds(String name) {
    return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** The text of a file of at most 64 KiB, or nothing if there is no such file. */
  Optional<String> read(String name, Mode mode) throws IOException {
    Path file = path.resolve(name);
    Optional<PosixFileAttributes> found = attributes(file);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (!found.get().isRegularFile()) {
      throw refused(file, kind(found.get()) + " (expected: a regular file)");
    }
    check(file, found.get(), mode);
    ByteBuffer content = ByteBuffer.allocate(MAX_BYTES + 1);
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (content.hasRemaining() && channel.read(content) >= 0) {}
    }
    if (!content.hasRemaining()) {
      throw refused(file, "larger than " + MAX_BYTES + " bytes");
    }
    return Optional.of(
        new String(content.array(), 0, content.position(), StandardCharsets.ISO_8859_1));
  }

  /** Writes a file that must not exist yet, through to the disk. */
  Path write(String name, Mode mode, String text) throws IOException {
    Path file = path.resolve(name);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(mode.set()))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return file;
  }

  /** Brings a directory's entries through to the disk. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A part of a file name that nobody else picks. */
  static String unique(SecureRandom random) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static PkiException refused(Path path, String what) {
    return new PkiException(PkiException.Code.STORAGE_REFUSED, path + ": " + what);
  }

  static PkiException failed(Path path, IOException cause) {
    return new PkiException(
        PkiException.Code.STORAGE_FAILED, path + ": cannot be read or written: " + cause, cause);
  }

  private static void requirePosix(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      throw refused(
          path,
          "the file system has no POSIX permissions (expected: one that has, since a private key"
              + " is kept here)");
    }
  }

  private static Optional<PosixFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String kind(PosixFileAttributes found) {
    if (found.isSymbolicLink()) {
      return "is a symbolic link";
    }
    return found.isDirectory()
        ? "is a directory"
        : found.isRegularFile() ? "is a regular file" : "is a special file";
  }

  private static void check(Path path, PosixFileAttributes found, Mode mode) throws IOException {
    UserPrincipal self = ProcessOwner.of();
    if (!found.owner().equals(self)) {
      throw refused(
          path,
          "belongs to user "
              + found.owner().getName()
              + " (expected: "
              + self.getName()
              + ", the user this process runs as; run: chown "
              + self.getName()
              + " '"
              + path
              + "')");
    }
    Set<PosixFilePermission> excess = EnumSet.noneOf(PosixFilePermission.class);
    excess.addAll(found.permissions());
    excess.removeAll(mode.set());
    if (!excess.isEmpty()) {
      throw refused(
          path,
          "has mode "
              + octal(found.permissions())
              + " (expected: "
              + mode.octal
              + " or narrower; run: chmod "
              + mode.octal
              + " '"
              + path
              + "')");
    }
  }

  private static String octal(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      // Declared in the order of the bits, the owner's read permission first.
      mode |= 0400 >> permission.ordinal();
    }
    return String.format("%04o", mode);
  }
}
