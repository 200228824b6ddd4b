package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in with a local account, and what is kept of it. */
class SignInTest {

  private final FakeHub hub = new FakeHub();
  private Desk desk;

  @BeforeEach
  void sitDown(@TempDir Path home) {
    desk = new Desk(home);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void passwordSignsInAndNoTokenIsShown() throws Exception {
    Desk.Done done = desk.login(hub);
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out() + done.err())
        .contains("signed in at " + hub.server.url(), FakeHub.USER, "fairlead kubeconfig")
        .doesNotContain("secret", FakeHub.PASSWORD);
    Desk.Done whoami = desk.run("whoami");
    assertThat(whoami.out()).contains("user    " + FakeHub.USER, "groups  dev");
  }

  @Test
  void passwordIsAskedForAtATerminal() throws Exception {
    desk.typed = FakeHub.PASSWORD;
    Desk.Done done =
        desk.run(
            "login",
            "--hub",
            hub.server.url(),
            "--ca-sha256",
            hub.server.authority().sha256().toString(),
            "--email",
            FakeHub.USER);
    assertThat(done.code()).as(done.err()).isZero();
    // From now on the CA is known.
    assertThat(desk.run("whoami").code()).isZero();
  }

  @Test
  void otherPinIsRefused() throws Exception {
    desk.typed = FakeHub.PASSWORD;
    Desk.Done done =
        desk.run("login", "--hub", hub.server.url(), "--ca-sha256", "0".repeat(64), "--email", "a");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("certificate is not trusted", "--ca");
    assertThat(desk.state()).doesNotExist();
  }

  @Test
  void unknownAuthorityIsRefused() {
    Desk.Done done = desk.run("login", "--hub", hub.server.url());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("certificate is not trusted", "--ca FILE or --ca-sha256 PIN");
  }

  @Test
  void wrongPasswordIsASentence() throws Exception {
    desk.typed = "wrong";
    Desk.Done done =
        desk.run(
            "login",
            "--hub",
            hub.server.url(),
            "--ca",
            hub.server.writeCa(desk.home).toString(),
            "--email",
            FakeHub.USER);
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("wrong e-mail or password").doesNotContain("Exception");
  }

  @Test
  void nobodyIsAskedWhereThereIsNoTerminal() throws Exception {
    Desk.Done done =
        desk.run(
            "login",
            "--hub",
            hub.server.url(),
            "--ca",
            hub.server.writeCa(desk.home).toString(),
            "--email",
            FakeHub.USER);
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("--password-stdin");
  }

  @Test
  void tokenFromElsewhereIsKeptIfTheHubTakesIt() throws Exception {
    hub.taken = "api-key-secret";
    desk.input = "api-key-secret\n";
    String ca = hub.server.writeCa(desk.home).toString();
    Desk.Done done = desk.run("login", "--hub", hub.server.url(), "--ca", ca, "--token-stdin");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(desk.credential(hub).out())
        .contains("\"token\":\"api-key-secret\"")
        .doesNotContain("expirationTimestamp");
    desk.input = "another\n";
    assertThat(desk.run("login", "--hub", hub.server.url(), "--token-stdin").code()).isEqualTo(3);
  }

  @Test
  void filesAreForTheirOwnerAlone() throws Exception {
    desk.login(hub);
    assertThat(mode(desk.state())).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(desk.state())) {
      assertThat(files)
          .hasSizeGreaterThanOrEqualTo(2)
          .allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"));
    }
  }

  @Test
  void widerModesAreRefused() throws Exception {
    desk.login(hub);
    Files.setPosixFilePermissions(desk.session(hub), PosixFilePermissions.fromString("rw-r-----"));
    Desk.Done file = desk.credential(hub);
    assertThat(file.code()).isEqualTo(1);
    assertThat(file.err()).contains("rw-r-----", "chmod 600");
    assertThat(file.out()).isEmpty();
    Files.setPosixFilePermissions(desk.session(hub), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(desk.state(), PosixFilePermissions.fromString("rwxr-x---"));
    Desk.Done directory = desk.credential(hub);
    assertThat(directory.code()).isEqualTo(1);
    assertThat(directory.err()).contains("rwxr-x---", "chmod 700");
  }

  @Test
  void logoutRevokesAndForgets() throws Exception {
    desk.login(hub);
    assertThat(desk.run("logout").code()).isZero();
    assertThat(hub.logouts).hasValue(1);
    assertThat(desk.session(hub)).doesNotExist();
    Desk.Done after = desk.credential(hub);
    assertThat(after.code()).isEqualTo(3);
    assertThat(after.err()).contains("fairlead login --hub " + hub.server.url());
    assertThat(desk.run("logout").code()).isZero();
  }

  @Test
  void logoutForgetsEvenWhereTheHubIsGone() throws Exception {
    desk.login(hub);
    hub.close();
    Desk.Done done = desk.run("logout");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("not revoked");
    assertThat(desk.session(hub)).doesNotExist();
  }

  @Test
  void damagedStateAsksToSignInAnew() throws Exception {
    desk.login(hub);
    Files.writeString(desk.session(hub), "{\"form\":\"1\",");
    Desk.Done done = desk.credential(hub);
    assertThat(done.code()).isEqualTo(3);
    assertThat(done.err()).contains("damaged", "fairlead login");
    assertThat(desk.login(hub).code()).isZero();
    assertThat(desk.credential(hub).code()).isZero();
  }

  @Test
  void clustersAreListed() throws Exception {
    desk.login(hub);
    assertThat(desk.run("clusters").out())
        .isEqualTo("NAME     STATUS     VERSION\ndev      connected  v1.33.1\nprod-eu  offline\n");
  }

  @Test
  void expiredSignInIsRenewedForWhoami() throws Exception {
    desk.login(hub);
    desk.time.advance(Duration.ofHours(1));
    assertThat(desk.run("whoami").code()).isZero();
    assertThat(hub.refreshes).hasValue(1);
  }
}
