package dev.fairlead.testkit.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.StaticTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class StaticTokensConformanceTest extends AuthenticatorConformance {

  @TempDir Path directory;

  @Override
  protected Authenticator create() {
    Path file = directory.resolve("tokens.csv");
    try {
      Files.writeString(file, "0123456789abcdef,jane,uid-1,\"dev,ops\"\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return StaticTokens.load(file);
  }

  @Override
  protected Credential good() {
    return BearerToken.of("0123456789abcdef");
  }

  @Override
  protected Identity identity() {
    return new Identity("jane", "uid-1", List.of("dev", "ops"), Map.of());
  }

  /** Any text could be a token of a file. */
  @Override
  protected List<Credential> bad() {
    return List.of();
  }
}
