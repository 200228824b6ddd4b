package dev.fairlead.core.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.api.auth.Authentication.Unknown;
import dev.fairlead.api.auth.BearerToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticTokensTest {

  private static final String SECRET = "s3cr3t-s3cr3t";

  @TempDir Path temporary;

  private Path file(byte[] contents) throws IOException {
    Path file = temporary.resolve("tokens.csv");
    Files.write(file, contents);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private StaticTokens load(String... lines) throws IOException {
    return StaticTokens.load(file(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
  }

  private String refusal(String... lines) {
    InvalidException refused = catchThrowableOfType(InvalidException.class, () -> load(lines));
    assertThat(refused).as("what loading throws").isNotNull();
    assertThat(refused).hasMessageNotContaining(SECRET);
    assertThat(refused.getCause()).isNull();
    return refused.getMessage();
  }

  private static Authentication present(StaticTokens tokens, String token) {
    return tokens.authenticate(BearerToken.of(token)).toCompletableFuture().join();
  }

  @Test
  void readsWhatKubernetesReads() throws IOException {
    StaticTokens tokens =
        load(
            "token-1,jane,uid-1,\"dev,ops\"",
            "",
            "token-2,joe,,",
            "token-3,jim,uid-3\r",
            "\"to\"\"ken,4\",\"Jürgen, \"\"JJ\"\"\",4,one");
    assertThat(tokens.size()).isEqualTo(4);
    assertThat(present(tokens, "token-1"))
        .isEqualTo(
            new Authenticated(
                new Identity("jane", "uid-1", List.of("dev", "ops"), Map.of()),
                "static-token/line-1",
                null));
    assertThat(identity(tokens, "token-2")).isEqualTo(Identity.user("joe"));
    assertThat(identity(tokens, "token-3").uid()).isEqualTo("uid-3");
    assertThat(identity(tokens, "to\"ken,4"))
        .isEqualTo(new Identity("Jürgen, \"JJ\"", "4", List.of("one"), Map.of()));
  }

  private static Identity identity(StaticTokens tokens, String token) {
    return ((Authenticated) present(tokens, token)).identity();
  }

  @Test
  void leavesOtherTokensToOthers() throws IOException {
    StaticTokens tokens = load(SECRET + ",jane,1");
    for (String other :
        List.of(
            "x", SECRET + "x", SECRET.substring(1), SECRET.toUpperCase(java.util.Locale.ROOT))) {
      assertThat(present(tokens, other)).isInstanceOf(Unknown.class);
    }
    assertThat(tokens.toString()).doesNotContain(SECRET);
  }

  @Test
  void emptyFileLetsNobodyIn() throws IOException {
    StaticTokens tokens = load("");
    assertThat(tokens.size()).isZero();
    assertThat(present(tokens, SECRET)).isInstanceOf(Unknown.class);
  }

  @Test
  void listsAllMistakesWithTheirLines() {
    String refusal =
        refusal(
            SECRET + ",jane",
            SECRET + "-1,good,1",
            SECRET + "-2,system:admin,1",
            SECRET + "-3,joe,1,\"dev,system:masters\"",
            SECRET + "-1,twice,1",
            "\"" + SECRET + ",joe,1",
            SECRET + "\",joe,1",
            "\"" + SECRET + "\"x,joe,1",
            ",joe,1",
            SECRET + " ,joe,1",
            SECRET + "-4,,1",
            SECRET + "-5, joe,1",
            SECRET + "-6,joe,1,\"a,,b\"",
            SECRET + "-7,joe,1,a,b",
            "joe," + SECRET + "\u0007,1");
    assertThat(refusal).contains("has 14 mistakes").doesNotContain("line 2:");
    for (int line = 1; line <= 15; line++) {
      if (line != 2) {
        assertThat(refusal).contains("line " + line + ": ");
      }
    }
    assertThat(refusal).contains("line 5: same token as in line 2");
  }

  @Test
  void listOfMistakesIsBounded() {
    String[] lines = new String[5_000];
    java.util.Arrays.fill(lines, "x");
    assertThat(refusal(lines))
        .contains("has 5000 mistakes", "and 4900 further mistakes")
        .hasSizeLessThan(20_000);
  }

  @Test
  void refusesAByteOrderMark() {
    assertThat(refusal("\ufeff" + SECRET + ",jane,1")).contains("line 1: token");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    Path file = file("token,j\u00e4ne,1".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> StaticTokens.load(file))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    Path file = file(new byte[(4 << 20) + 1]);
    assertThatThrownBy(() -> StaticTokens.load(file))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("4 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rw-rw-rw-"})
  void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
    Path file = file("token,jane,1".getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> StaticTokens.load(file))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(mode, "chmod 600 " + file);
  }

  @Test
  void acceptsAFileThatOnlyItsOwnerMayRead() throws IOException {
    Path file = file("token,jane,1".getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(StaticTokens.load(file).size()).isEqualTo(1);
  }

  @Test
  void missingFileIsNamed() {
    Path missing = temporary.resolve("missing.csv");
    assertThatThrownBy(() -> StaticTokens.load(missing))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining(missing.toString());
  }
}
