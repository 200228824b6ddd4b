package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Every file below a directory with its mode, owner and content: to see that nothing was changed.
 */
record Snapshot(Map<String, String> files) {

  static Snapshot of(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String mode =
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        String content =
            Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                ? Base64.getEncoder().encodeToString(Files.readAllBytes(path))
                : "";
        files.put(
            root.relativize(path).toString(),
            mode + " " + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS) + " " + content);
      }
    }
    return new Snapshot(files);
  }

  /** Does what must be refused, and sees that it left everything as it was. */
  static PkiException refusal(Path root, PkiException.Code code, ThrowingCallable attempt)
      throws IOException {
    Snapshot before = of(root);
    Throwable thrown = catchThrowable(attempt);
    assertThat(thrown).isInstanceOf(PkiException.class);
    assertThat(((PkiException) thrown).code()).as(thrown.getMessage()).isEqualTo(code);
    assertThat(of(root)).isEqualTo(before);
    return (PkiException) thrown;
  }

  static void chmod(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  /** A directory of another user: made one by root, found by anybody else. */
  static Path foreignDirectory(Path own) throws IOException {
    if (ProcessOwner.of().equals(Files.getOwner(Path.of("/")))) {
      Files.createDirectory(own);
      chmod(own, "rwx------");
      Files.setAttribute(own, "unix:uid", 65_534);
      return own;
    }
    return Path.of("/");
  }

  /** No stretch of the base64 in a key file appears in what a refusal prints. */
  static void assertSilentAbout(String pem, Throwable refusal) {
    StringWriter printed = new StringWriter();
    refusal.printStackTrace(new PrintWriter(printed));
    String key = pem.replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
    for (int i = 0; i + 12 <= key.length(); i++) {
      assertThat(printed.toString()).doesNotContain(key.substring(i, i + 12));
    }
  }
}
