package dev.fairlead.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Somebody with a home of their own, the fairlead command and a kubectl. */
record Person(Path home, Site site) {

  private static final Duration DEADLINE = Duration.ofSeconds(120);

  static Person in(Site site) {
    return new Person(Places.directory("person"), site);
  }

  String hub() {
    return "https://" + site.hub().users();
  }

  Command fairlead(String... arguments) {
    return Command.of(Tools.checkout().resolve("cli/bin/fairlead"), arguments)
        .env("HOME", home.toString())
        .env("XDG_CONFIG_HOME", home.resolve("config").toString());
  }

  Command login(String... more) {
    return fairlead("login", "--hub", hub(), "--ca", site.hub().ca().toString()).with(more);
  }

  Outcome loginByPassword(String user, String password) {
    Path file = Places.write(home.resolve("password"), password + "\n");
    return login("--method", "password", "--user", user, "--password-stdin")
        .stdin(file)
        .run(DEADLINE);
  }

  Command kubectl(String... arguments) {
    return new Kubectl(Tools.newestKubectl(), home.resolve(".kube/config"), home, List.of())
        .command(arguments)
        .env("XDG_CONFIG_HOME", home.resolve("config").toString());
  }

  /** The file in which the command keeps the sign-in. */
  Path session() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("config/fairlead"))) {
      return files.filter(one -> one.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }
}
