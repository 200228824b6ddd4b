package dev.fairlead.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that an operator writes. */
final class Samples {

  static final String ALICES_TOKEN = "alices-token-which-is-long-enough";
  static final String BOBS_TOKEN = "bobs-token-which-is-long-enough";

  private static final String TOKENS =
      """
      %s,alice,1,"payments"
      %s,bob,2
      """
          .formatted(ALICES_TOKEN, BOBS_TOKEN);

  private static final String ROLES =
      """
      roles:
        - name: developer
          rules:
            - clusters: [dev]
              namespaces: ["*"]
              apiGroups: ["*"]
              resources: ["*"]
              verbs: ["*"]
      bindings:
        - role: developer
          groups: [payments]
      """;

  private Samples() {}

  static Path roles(Path directory) {
    return write(directory.resolve("roles.yaml"), ROLES);
  }

  static Path tokens(Path directory) {
    return write(directory.resolve("tokens.csv"), TOKENS);
  }

  static Path write(Path file, String text) {
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
