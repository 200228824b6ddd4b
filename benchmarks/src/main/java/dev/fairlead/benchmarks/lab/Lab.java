package dev.fairlead.benchmarks.lab;

import dev.fairlead.benchmarks.node.Carrier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An upstream and everything that runs before it; closing it leaves nothing behind. */
public final class Lab implements AutoCloseable {

  /** Hub and agent in one process, with the tunnel in memory. */
  public static final String MEMORY = "memory";

  /** Follows the name of a way whose hub writes no audit trail, to see what that costs. */
  public static final String UNAUDITED = "-unaudited";

  private static final String TOKEN = "benchmark-token";

  private final Path directory;
  private final LabSettings settings;
  private final WatchSource watches;
  private final Nginx nginx;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private int started;

  private Lab(Path directory, LabSettings settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.watches = WatchSource.start();
    try {
      this.nginx = Nginx.start(directory, settings.largeBytes(), watches.port());
    } catch (IOException | RuntimeException e) {
      watches.close();
      throw e;
    }
  }

  /**
   * Makes a directory, and starts the upstream.
   *
   * @param settings how everything runs
   */
  public static Lab open(LabSettings settings) {
    try {
      Path memory = Path.of("/dev/shm");
      Path directory =
          Files.createTempDirectory(
              Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir")),
              "fairlead-bench-");
      // nginx's workers look into it.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      secret(directory.resolve("tokens.csv"), TOKEN + ",bench,bench,\"benchmark\"\n");
      try {
        return new Lab(directory, settings);
      } catch (IOException | RuntimeException e) {
        delete(directory);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The upstream's own answers to watches. */
  public WatchSource watches() {
    return watches;
  }

  /** Brings a Kubernetes control plane up, which the caller closes, or else {@link #close}. */
  public ApiServer apiServer() {
    return ApiServer.start(directory);
  }

  /** How everything runs. */
  public LabSettings settings() {
    return settings;
  }

  /** A directory for files, best in memory. */
  public Path directory() {
    return directory;
  }

  /** The way without a hub. */
  public Way direct() {
    return new Way(Way.DIRECT, nginx.port(), "", TOKEN, null, null);
  }

  /** Starts a hub and an agent before nginx. */
  public Way through(String name) {
    return through(name, new Upstream(nginx.port(), nginx.authority(), "agent"));
  }

  /** Starts a hub and an agent. */
  public Way through(String name, Upstream upstream) {
    boolean audited = !name.endsWith(UNAUDITED);
    String carrier = audited ? name : name.substring(0, name.length() - UNAUDITED.length());
    Map<String, String> hubOptions = hubOptions(carrier);
    if (!audited) {
      hubOptions.put("audit", "none");
    }
    if (carrier.equals(MEMORY)) {
      hubOptions.putAll(options(upstream));
      return way(name, start("both", hubOptions), null);
    }
    NodeProcess hub = start("hub", hubOptions);
    Path token = tokens(hub, 0, 1);
    Map<String, String> options = agentOptions(carrier, hub);
    options.putAll(options(upstream));
    options.put("token", token.toString());
    return way(name, hub, start("agent", options));
  }

  private Way way(String name, NodeProcess hub, @Nullable NodeProcess agent) {
    return new Way(
        name, Integer.parseInt(hub.ready("users")), "/clusters/bench-0", TOKEN, hub, agent);
  }

  /** Starts a hub. */
  public NodeProcess hub(String carrier) {
    return start("hub", hubOptions(carrier));
  }

  /**
   * Starts a process with many idle agents of a hub, whose install tokens are in a file. Each would
   * be on a machine of its own, so all of them together get what processors the others leave.
   */
  public NodeProcess fleet(String carrier, NodeProcess hub, Path tokens) {
    Map<String, String> options = agentOptions(carrier, hub);
    options.put("tokens", tokens.toString());
    return start(List.of("chrt", "--idle", "0"), "fleet", options);
  }

  /** Lets a hub issue install tokens for the agents of the clusters from a first one on. */
  public Path tokens(NodeProcess hub, int first, int count) {
    Path file = directory.resolve("install-tokens-" + started++);
    hub.command("tokens " + first + " " + count + " " + file);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Throws the audit logs away, lest they fill the memory; the hubs begin new ones. */
  public void forgetAudit() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file :
          files
              .filter(f -> f.getFileName().toString().startsWith("audit-"))
              .filter(Files::isRegularFile)
              .toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a process before the lab closes. */
  public void stop(NodeProcess node) {
    node.close();
    nodes.remove(node);
  }

  private Map<String, String> hubOptions(String carrier) {
    Map<String, String> options = new TreeMap<>();
    options.put("carrier", carrier);
    options.put("loops", Integer.toString(settings.loops()));
    options.put("tokens", directory.resolve("tokens.csv").toString());
    options.put("audit", directory.resolve("audit-" + started++ + ".log").toString());
    return options;
  }

  private Map<String, String> agentOptions(String carrier, NodeProcess hub) {
    Map<String, String> options = new TreeMap<>();
    options.put("carrier", carrier);
    options.put("loops", Integer.toString(settings.loops()));
    options.put("hub", hub.ready("agents"));
    options.put("pin", hub.ready("pin"));
    return options;
  }

  private Map<String, String> options(Upstream upstream) {
    Path credential = secret("credential-" + started++, upstream.credential());
    return Map.of(
        "server",
        "https://localhost:" + upstream.port(),
        "ca",
        upstream.authority().toString(),
        "credential",
        credential.toString());
  }

  /** Writes a file that only its owner can read. */
  private Path secret(String name, String text) {
    return secret(directory.resolve(name), text);
  }

  private static Path secret(Path file, String text) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NodeProcess start(String role, Map<String, String> options) {
    return start(List.of(), role, options);
  }

  private NodeProcess start(List<String> prefix, String role, Map<String, String> options) {
    Path log = directory.resolve(role + "-" + started++ + ".log");
    NodeProcess node = NodeProcess.start(prefix, role, options, settings.jvmFlags(), log);
    nodes.add(node);
    return node;
  }

  /** The names of all carriers, and of the tunnel in memory. */
  public static List<String> carriers() {
    List<String> names = new ArrayList<>();
    names.add(MEMORY);
    for (Carrier carrier : Carrier.values()) {
      names.add(carrier.label());
    }
    return names;
  }

  /** The names of the same ways without an audit trail. */
  public static List<String> unaudited() {
    return carriers().stream().map(name -> name + UNAUDITED).toList();
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    nginx.close();
    watches.close();
    ApiServer.stop(directory);
    if (!settings.keep()) {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what was measured with remains in " + directory, e);
    }
  }
}
