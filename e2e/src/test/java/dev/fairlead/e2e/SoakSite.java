package dev.fairlead.e2e;

import dev.fairlead.core.audit.AuditVerification;
import dev.fairlead.core.audit.AuditVerifier;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A hub and an agent as processes, each with a wall clock of its own, with a long line between them
 * and a disk for the audit trail that can be filled. The API server is the testkit's.
 */
final class SoakSite implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int FILLER = 256 << 10;
  private static final int USERS_PORT = 8443;
  private static final int AGENTS_PORT = 8300;

  final SoakNetwork network;
  final SlowRelay line;
  final SoakClock hubClock;
  final SoakClock agentClock;
  private final DemoCluster cluster;
  private final String scheme;
  private final Path directory;
  private final Path disk;
  private JavaProgram hub;
  private JavaProgram agent;
  private Properties ready;

  /** Starts all of it; {@code scheme} is what stands before the addresses that agents dial. */
  SoakSite(String scheme) throws IOException {
    this.scheme = scheme;
    this.directory = Places.directory("soak");
    Path library = SoakClock.library(directory);
    this.hubClock = SoakClock.right(library, directory.resolve("hub.clock"));
    this.agentClock = SoakClock.right(library, directory.resolve("agent.clock"));
    this.network = SoakNetwork.open();
    this.line = new SlowRelay(SoakNetwork.AGENTS_ADDRESS, AGENTS_PORT);
    this.cluster = DemoCluster.builder().build().start();
    this.disk = Files.createDirectory(directory.resolve("disk"));
    try {
      run("/bin/mount", "-t", "tmpfs", "-o", "size=256m,mode=0700", "none", disk.toString());
      Places.write(directory.resolve("tokens.csv"), User.ALICE.tokenLine());
      Places.write(directory.resolve("roles.yaml"), Site.ROLES);
      Places.write(directory.resolve("kubeconfig"), cluster.kubeconfig());
      startHub(List.of("--install-token", "dev=" + directory.resolve("dev.token")));
      startAgent(List.of("--install-token", directory.resolve("dev.token").toString()));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void startHub(List<String> more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--data", directory.resolve("hub").toString()));
    arguments.addAll(List.of("--listen", SoakNetwork.USERS_ADDRESS + ":" + USERS_PORT));
    arguments.addAll(List.of("--agents", scheme + SoakNetwork.AGENTS_ADDRESS + ":" + AGENTS_PORT));
    arguments.addAll(List.of("--roles", directory.resolve("roles.yaml").toString()));
    arguments.addAll(List.of("--tokens", directory.resolve("tokens.csv").toString()));
    arguments.addAll(List.of("--audit", disk.resolve("audit.log").toString(), "--drain", "1"));
    arguments.addAll(more);
    hub =
        JavaProgram.start(
            Stream.concat(network.atTheHub().stream(), hubClock.program().stream()).toList(),
            "dev.fairlead.examples.StandaloneHub",
            directory.resolve("hub.log"),
            directory.resolve("hub.ready"),
            arguments);
    ready = hub.awaitReady();
  }

  private void startAgent(List<String> more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--hub", scheme + "127.0.0.1:" + line.port()));
    arguments.addAll(List.of("--hub-ca", ready.getProperty("pin")));
    arguments.addAll(List.of("--data", directory.resolve("agent").toString()));
    arguments.addAll(List.of("--kubeconfig", directory.resolve("kubeconfig").toString()));
    arguments.addAll(List.of("--drain", "1"));
    arguments.addAll(more);
    agent =
        JavaProgram.start(
            agentClock.program(),
            "dev.fairlead.examples.StandaloneAgent",
            directory.resolve("agent.log"),
            directory.resolve("agent.ready"),
            arguments);
    agent.awaitReady();
  }

  String url() {
    return "https://" + ready.getProperty("users");
  }

  Path ca() {
    return Path.of(ready.getProperty("ca"));
  }

  long hub() {
    return hub.pid();
  }

  long agent() {
    return agent.pid();
  }

  /** What is wrong with the audit trail, or that nothing is. */
  String audited() throws Exception {
    PublicKey key = ChainKey.publicKeyIn(directory.resolve("hub/audit-key.pem.pub"));
    AuditVerification found = AuditVerifier.with(key).verify(disk.resolve("audit.log"));
    return found.isIntact() ? "intact" : String.valueOf(found.finding());
  }

  void killHub() {
    hub.kill();
    startHub(List.of());
  }

  void killAgent() {
    agent.kill();
    startAgent(List.of());
  }

  /** Sends a signal, such as STOP. */
  void signal(long pid, String name) {
    run("/bin/kill", "-" + name, Long.toString(pid));
  }

  /** Leaves no byte on the disk of the audit trail. */
  void fillDisk() {
    byte[] filler = new byte[FILLER];
    for (int size = FILLER; size > 0; size /= 2) {
      try (OutputStream out =
          Files.newOutputStream(
              disk.resolve("filler-" + size), java.nio.file.StandardOpenOption.CREATE)) {
        while (true) {
          out.write(filler, 0, size);
        }
      } catch (IOException full) {
        // As it is to be.
      }
    }
  }

  void emptyDisk() throws IOException {
    try (Stream<Path> files = Files.list(disk)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("filler")).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void run(String program, String... arguments) {
    Command.of(Path.of(program), arguments).run(SOON).succeeded();
  }

  @Override
  public void close() {
    try {
      for (JavaProgram program : programs()) {
        program.close();
      }
    } finally {
      programs().forEach(JavaProgram::kill);
      line.close();
      cluster.close();
      network.close();
      Command.of(Path.of("/bin/umount"), "-l", disk.toString()).run(SOON);
    }
  }

  /** Those that were started, the agent first. */
  private List<JavaProgram> programs() {
    return Stream.of(agent, hub).filter(Objects::nonNull).toList();
  }
}
