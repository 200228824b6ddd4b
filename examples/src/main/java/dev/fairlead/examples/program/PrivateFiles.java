package dev.fairlead.examples.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files and directories for their owner alone. */
public final class PrivateFiles {

  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final int LONGEST_SECRET = 8_192;
  private static final Pattern SECRET = Pattern.compile("[!-~]+");

  private PrivateFiles() {}

  /**
   * Makes a directory of mode 0700 unless it exists.
   *
   * @param directory its parents are made, too, if need be
   * @throws Refusal if it exists and others may use it
   * @throws IOException if it cannot be made
   */
  public static void makeDirectory(Path directory) throws IOException {
    Path place = directory.toAbsolutePath().normalize();
    if (place.getParent() != null) {
      Files.createDirectories(place.getParent());
    }
    try {
      Files.createDirectory(place, DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      requirePrivate(place);
    }
  }

  private static void requirePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new Refusal(directory + " is no directory (expected: a directory, or nothing yet)");
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
    if (!mode.endsWith("------")) {
      throw new Refusal(
          directory
              + " has mode "
              + mode
              + " (expected: rwx------, since keys are kept in it; run: chmod 700 "
              + directory
              + ")");
    }
  }

  /**
   * Writes a file of mode 0600 that must not exist yet.
   *
   * @param file where
   * @param text what
   * @throws IOException if it exists or cannot be written
   */
  public static void writeNew(Path file, String text) throws IOException {
    Files.createFile(file, FILE);
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Writes a file of mode 0600 in place of the former one, if there is any, so that readers see
   * either all of it or nothing.
   *
   * @param file where
   * @param text what
   * @throws IOException if it cannot be written
   */
  public static void replace(Path file, String text) throws IOException {
    Path place = file.toAbsolutePath();
    Path next = place.resolveSibling("." + place.getFileName() + ".new");
    Files.deleteIfExists(next);
    writeNew(next, text);
    Files.move(next, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a secret from a file of mode 0600.
   *
   * @param file one line, of printable ASCII without spaces
   * @return the line
   * @throws Refusal if others may read it, or it holds anything else; what it holds is not shown
   * @throws IOException if it cannot be read
   */
  public static String readSecret(Path file) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!mode.endsWith("------")) {
      throw new Refusal(
          file + " has mode " + mode + " (expected: rw-------; run: chmod 600 " + file + ")");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LONGEST_SECRET + 1);
    }
    String secret = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (bytes.length > LONGEST_SECRET || !SECRET.matcher(secret).matches()) {
      throw new Refusal(
          file + " holds no secret (expected: one line of 1-" + LONGEST_SECRET + " of ASCII)");
    }
    return secret;
  }

  /**
   * Makes a directory of mode 0700 with a name that nobody guesses.
   *
   * @param parent where
   * @param prefix how its name begins
   * @param lifetime removes it, with all that is in it, at its end
   * @return the directory
   * @throws IOException if it cannot be made
   */
  public static Path makeTemporary(Path parent, String prefix, Lifetime lifetime)
      throws IOException {
    Path directory = Files.createTempDirectory(parent, prefix, DIRECTORY);
    lifetime.owns(() -> remove(directory));
    return directory;
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(PrivateFiles::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
