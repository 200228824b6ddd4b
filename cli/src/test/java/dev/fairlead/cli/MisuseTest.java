package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people mistype, and what they are told. */
class MisuseTest {

  private Desk desk;

  @BeforeEach
  void sitDown(@TempDir Path home) {
    desk = new Desk(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login --hubb x",
        "login --hub",
        "login --method telepathy",
        "login --ca a --ca-sha256 b",
        "whoami extra",
        "frobnicate"
      })
  void wrongLineIsASentenceAndExitCode2(String line) {
    Desk.Done done = desk.run(line.split(" "));
    assertThat(done.code()).isEqualTo(2);
    assertThat(done.out()).isEmpty();
    assertThat(done.err().lines())
        .hasSize(2)
        .anyMatch(one -> one.startsWith("fairlead: "))
        .anyMatch(one -> one.contains("--help"));
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    Desk.Done done = desk.run("login", "--hubb", "x", "--method", "telepathy", "--issuer-caa", "y");
    assertThat(done.code()).isEqualTo(2);
    assertThat(done.err())
        .contains("--hubb", "--method", "telepathy", "--issuer-caa", "Try 'fairlead login --help'");
    Desk.Done kubeconfig =
        desk.run("kubeconfig", "--print", "--auth", "token", "--use", "dev", "--file", "f");
    assertThat(kubeconfig.code()).isEqualTo(2);
    assertThat(kubeconfig.err()).contains("not with --auth token", "not with --file or --use");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "login ", "logout ", "whoami ", "clusters ", "credential "})
  void everyCommandHasHelp(String command) {
    Desk.Done done = desk.run((command + "--help").split(" "));
    assertThat(done.code()).isZero();
    assertThat(done.out()).contains("Usage: fairlead " + command.strip());
  }

  @Test
  void withoutACommandThereIsHelp() {
    assertThat(desk.run().out()).contains("fairlead login --hub", "fairlead kubeconfig");
  }

  @Test
  void colourIsForTerminals() {
    assertThat(desk.run("--help").out()).doesNotContain("\u001b");
    desk.terminal = true;
    assertThat(desk.run("--help").out()).contains("\u001b[");
    desk.environment.put("NO_COLOR", "1");
    assertThat(desk.run("--help").out()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hub.example.com",
        "https://hub.example.com/clusters/dev",
        "https://user:word@hub.example.com",
        "https://hub.example.com?x=y",
        "ftp://hub",
        "https://",
        "a b"
      })
  void addressThatIsNoHubIsRefused(String address) {
    Desk.Done done = desk.run("whoami", "--hub", address);
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("expected: https://HOST[:PORT]");
  }

  @Test
  void addressIsTakenAsPeopleWriteIt() {
    assertThat(HubAddress.parse("Hub.Example.com").toString()).isEqualTo("https://hub.example.com");
    assertThat(HubAddress.parse("https://hub:443/")).isEqualTo(HubAddress.parse("hub"));
    assertThat(HubAddress.parse("hub:8443").toString()).isEqualTo("https://hub:8443");
  }

  @Test
  void withoutAHubTheNextStepIsTold() {
    Desk.Done done = desk.run("whoami");
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("fairlead login --hub https://HOST");
  }
}
