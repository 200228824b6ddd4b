package dev.fairlead.examples;

import dev.fairlead.agent.AgentBuilder;
import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.Agent.State;
import dev.fairlead.api.InstallToken;
import dev.fairlead.examples.program.AgentsAddress;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.PrivateFiles;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Refusal;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.examples.program.Service;
import dev.fairlead.examples.program.Version;
import dev.fairlead.pki.CertificatePin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An agent as a program of its own: it dials a hub and serves one cluster. */
@Command(
    name = "fairlead-agent",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Runs an agent: dials a hub, and serves it one Kubernetes cluster.",
    footer = {
      "",
      "Every option can come from the environment, too: --hub-ca as FAIRLEAD_AGENT_HUB_CA.",
      "SIGTERM and Ctrl-C drain what is under way, and end the agent with exit code 0."
    })
public final class StandaloneAgent implements Service {

  private static final Logger log = LoggerFactory.getLogger(StandaloneAgent.class);
  private static final Duration GLANCE = Duration.ofMillis(200);

  @Option(
      names = "--hub",
      required = true,
      paramLabel = "[wss://]HOST:PORT",
      converter = AgentsAddress.Converter.class,
      description = "where the hub's --agents door is")
  private AgentsAddress hub;

  @Option(
      names = "--hub-ca",
      required = true,
      paramLabel = "sha256:HEX",
      description = "the pin of the hub's CA, as the hub prints it")
  private String hubCa;

  @Mixin private EgressOptions egress;

  @Option(
      names = "--install-token",
      paramLabel = "FILE",
      description = "a file with an install token; needed the first time only")
  private @Nullable Path installToken;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "the agent's key and certificate; mode 0700, made if absent")
  private Path data;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "how to reach the cluster (default: the cluster this process runs in)")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "the kubeconfig's context (default: its current one)")
  private @Nullable String context;

  @Mixin private GuardOptions guard;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "how long requests may go on at the end, 0-3600 (default: ${DEFAULT-VALUE})")
  private int drainSeconds;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "gets connected=HOST:PORT each time a tunnel opens; gone when the agent ends")
  private @Nullable Path readyFile;

  private @Nullable InstallToken token;

  private StandaloneAgent() {}

  /**
   * Runs the agent until the process is told to end, or the hub refuses it for good.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new StandaloneAgent(), "FAIRLEAD_AGENT", args);
  }

  static StandaloneAgent create() {
    return new StandaloneAgent();
  }

  @Override
  public void check(Mistakes mistakes) {
    egress.check(mistakes);
    mistakes.requireWithin("--drain", drainSeconds, 0, 3_600);
    if (hub != null && hub.at().port() == 0) {
      mistakes.add("--hub: port 0 (expected: 1-65535)");
    }
    if (hubCa != null) {
      mistakes.understand("--hub-ca", () -> CertificatePin.parse(hubCa));
    }
    if (context != null && kubeconfig == null) {
      mistakes.add("--context: without --kubeconfig (expected: both, or neither)");
    }
    mistakes.requireReadable("--kubeconfig", kubeconfig);
    guard.check(mistakes);
    Path file = installToken;
    // A mounted token may be taken away once it was used.
    if (file != null && data != null && (Files.exists(file) || !hasEnrolled())) {
      token = mistakes.read("--install-token", () -> InstallToken.read(file)).orElse(null);
    }
  }

  @Override
  public int run(Lifetime lifetime, Screen screen) throws Exception {
    Optional<String> clusterRole = guard.clusterRole();
    if (clusterRole.isPresent()) {
      screen.out().print(clusterRole.get());
      return Program.DONE;
    }
    Agent agent = lifetime.owns(agent());
    agent.start();
    if (readyFile != null) {
      Path file = readyFile;
      lifetime.owns(() -> Files.deleteIfExists(file));
    }
    State before = State.CONNECTING;
    while (!lifetime.awaitEnd(GLANCE)) {
      State now = agent.state();
      if (now == State.REFUSED) {
        throw new Refusal(
            "the hub at "
                + hub
                + " does not accept this agent any more; issue a new install token there, and"
                + " give it by --install-token");
      }
      announce(now == State.CONNECTED, before == State.CONNECTED);
      before = now;
    }
    log.info("draining for {} s at most", drainSeconds);
    return Program.DONE;
  }

  private void announce(boolean connected, boolean wasConnected) throws IOException {
    if (readyFile != null && connected && !(wasConnected && Files.exists(readyFile))) {
      PrivateFiles.replace(readyFile, "connected=" + hub + "\n");
    }
  }

  private FairleadAgent agent() {
    AgentBuilder builder =
        FairleadAgent.builder()
            .dial(egress.to(hub))
            .pinning(hubCa)
            .keepIn(data)
            .cluster(
                kubeconfig == null
                    ? ApiServer.inCluster()
                    : ApiServer.kubeconfig(kubeconfig, context))
            .guard(guard.guard())
            .drainFor(Duration.ofSeconds(drainSeconds));
    if (token != null) {
      builder.enrolWith(token);
    }
    return builder.build();
  }

  private boolean hasEnrolled() {
    return Files.exists(data.resolve("agent.pem"));
  }
}
