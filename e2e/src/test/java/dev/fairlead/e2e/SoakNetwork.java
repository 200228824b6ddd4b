package dev.fairlead.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A network of the kernel's own: a namespace for the hub, with one cable for users and another for
 * agents. A cable that is pulled swallows packets without a word, as a firewall or a dead router
 * does, and TCP on it goes through all that it goes through in the world. It takes root.
 */
final class SoakNetwork implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Path IP = Path.of("/usr/sbin/ip");
  private static final String NAMESPACE = "fairlead-soak";
  private static final String USERS = "flsoak-u";
  private static final String AGENTS = "flsoak-a";

  /** Where the hub's two listeners are, by the cable. */
  static final String USERS_ADDRESS = "10.213.77.2";

  static final String AGENTS_ADDRESS = "10.213.77.6";

  private SoakNetwork() {}

  static SoakNetwork open() {
    remove();
    ip("netns", "add", NAMESPACE);
    SoakNetwork network = new SoakNetwork();
    ip("-n", NAMESPACE, "link", "set", "lo", "up");
    cable(USERS, "10.213.77.1/30", USERS_ADDRESS + "/30");
    cable(AGENTS, "10.213.77.5/30", AGENTS_ADDRESS + "/30");
    return network;
  }

  private static void cable(String name, String near, String far) {
    ip("link", "add", name, "type", "veth", "peer", "name", name + "h", "netns", NAMESPACE);
    ip("address", "add", near, "dev", name);
    ip("-n", NAMESPACE, "address", "add", far, "dev", name + "h");
    ip("link", "set", name, "up");
    ip("-n", NAMESPACE, "link", "set", name + "h", "up");
  }

  /** What makes a program run on the hub's side. */
  List<String> atTheHub() {
    return List.of(IP.toString(), "netns", "exec", NAMESPACE);
  }

  /** Pulls the cable between agents and hub; nobody is told. */
  void pull() {
    ip("-n", NAMESPACE, "link", "set", AGENTS + "h", "down");
  }

  void plugIn() {
    ip("-n", NAMESPACE, "link", "set", AGENTS + "h", "up");
  }

  private static void ip(String... arguments) {
    Command.of(IP, arguments).run(SOON).succeeded();
  }

  /** Also of a run that was killed; one end of a cable takes the other with it. */
  private static void remove() {
    for (String name : List.of(USERS, AGENTS)) {
      Command.of(IP, "link", "delete", name).run(SOON);
    }
    Command.of(IP, "netns", "delete", NAMESPACE).run(SOON);
  }

  @Override
  public void close() {
    remove();
  }
}
