package dev.fairlead.examples;

import dev.fairlead.examples.program.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Standalone hubs in one directory, and who comes to their doors. */
record HubRuns(Path directory) {

  Path file(String name) {
    return directory.resolve(name);
  }

  /**
   * A hub with sensible options, and some more or in their place: names and values in turn, a
   * flag's value empty.
   */
  Run hub(String... more) {
    return run(Map.of("--roles", Samples.roles(directory).toString()), more);
  }

  /** The same whose roles are in no file. */
  Run hubWithoutRoles(String... more) {
    return run(Map.of(), more);
  }

  private Run run(Map<String, String> first, String... more) {
    Map<String, String> options = new LinkedHashMap<>(first);
    options.put("--data", file("hub").toString());
    options.put("--tokens", Samples.tokens(directory).toString());
    options.put("--listen", "127.0.0.1:0");
    options.put("--agents", "127.0.0.1:0");
    options.put("--ready-file", file("hub.ready").toString());
    options.put("--drain", "0");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    List<String> args = new ArrayList<>();
    options.forEach(
        (name, value) -> args.addAll(value.isEmpty() ? List.of(name) : List.of(name, value)));
    return Run.of(StandaloneHub.create(), args.toArray(String[]::new));
  }

  /** What the hub tells once it is ready. */
  Properties ready(Run hub) throws IOException {
    hub.await(() -> Files.exists(file("hub.ready")));
    Properties ready = new Properties();
    try (Reader in = Files.newBufferedReader(file("hub.ready"))) {
      ready.load(in);
    }
    return ready;
  }

  static FrontDoorUser user(Properties hub, String token) throws Exception {
    try (InputStream in = Files.newInputStream(Path.of(hub.getProperty("ca")))) {
      X509Certificate ca =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      String users = hub.getProperty("users");
      int port = Integer.parseInt(users.substring(users.lastIndexOf(':') + 1));
      return new FrontDoorUser(port, token, ca);
    }
  }
}
