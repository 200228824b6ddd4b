package dev.fairlead.cli;

import dev.fairlead.testkit.ManualTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where somebody types commands: with a home, a clock, and perhaps a terminal and a browser. */
final class Desk {

  static final String EXEC_INFO =
      """
      {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",\
      "spec":{"interactive":false}}""";

  /** What a command did. */
  record Done(int code, String out, String err) {}

  /** Long ago, so that for processes, which live in real time, everything has expired. */
  final ManualTime time = ManualTime.at(Instant.parse("2020-01-01T00:00:00Z"));

  final Map<String, String> environment = new HashMap<>();
  final Path home;
  volatile String input = "";
  volatile String typed = "";
  volatile boolean terminal;
  volatile boolean realPauses;
  volatile Browser browser = page -> false;

  Desk(Path home) {
    this.home = home;
    environment.put("HOME", home.toString());
    environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
  }

  Path state() {
    return home.resolve("config/fairlead");
  }

  Path session(FakeHub hub) {
    return state().resolve("127.0.0.1_" + URI.create(hub.server.url()).getPort() + ".json");
  }

  Done run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings here =
        new Surroundings(
            Map.copyOf(environment),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            prompt -> typed.isEmpty() ? Optional.empty() : Optional.of(typed),
            time::instant,
            realPauses ? Pause.REAL : time::advance,
            page -> browser.open(page),
            new SecureRandom());
    int code = Fairlead.run(here, args);
    return new Done(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Signs in with the password of the hub's account. */
  Done login(FakeHub hub) throws Exception {
    input = FakeHub.PASSWORD + "\n";
    return run(
        "login",
        "--hub",
        hub.server.url(),
        "--ca",
        hub.server.writeCa(home).toString(),
        "--email",
        FakeHub.USER,
        "--password-stdin");
  }

  /** Asks for a credential as kubectl does. */
  Done credential(FakeHub hub) {
    environment.put("KUBERNETES_EXEC_INFO", EXEC_INFO);
    return run("credential", "--hub", hub.server.url());
  }
}
