package dev.fairlead.pki;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** The user this process runs as. */
final class ProcessOwner {

  private static final Path SELF = Path.of("/proc/self");

  private ProcessOwner() {}

  /**
   * Asks the kernel where it can be asked: in a container the user often has a number but no name,
   * and what the JDK derives from names is then missing, or root.
   */
  static UserPrincipal of() throws IOException {
    if (Files.isDirectory(SELF)) {
      return Files.getOwner(SELF);
    }
    String name =
        ProcessHandle.current()
            .info()
            .user()
            .orElseThrow(() -> new IOException("the user this process runs as is unknown"));
    return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }
}
