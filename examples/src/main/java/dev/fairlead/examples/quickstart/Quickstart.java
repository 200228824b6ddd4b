package dev.fairlead.examples.quickstart;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.PrivateFiles;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Refusal;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.examples.program.Service;
import dev.fairlead.examples.program.Version;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts everything that Fairlead needs in one process, shows that it works, and stays. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Starts a hub, an agent and a demo cluster on this machine, shows a list and a watch through"
          + " all of it, and stays for your own kubectl. Ctrl-C ends it and leaves nothing behind."
    })
public final class Quickstart implements Service {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration DRAIN = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "use the cluster of this kubeconfig, which is only read, not the demo cluster")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "the kubeconfig's context (default: its current one)")
  private @Nullable String context;

  @Option(
      names = "--users-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "port of the front door on 127.0.0.1 (default: any that is free)")
  private int usersPort;

  @Option(
      names = "--agents-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "port for agents on 127.0.0.1 (default: any that is free)")
  private int agentsPort;

  @Option(
      names = "--check",
      description = "do not stay: exit with 0 if all of it worked, else with 1")
  private boolean check;

  private final Path temporary;
  private volatile boolean staying;

  private Quickstart(Path temporary) {
    this.temporary = temporary;
  }

  /**
   * Runs until Ctrl-C, or with {@code --check} until everything was tried.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(
        new Quickstart(Path.of(System.getProperty("java.io.tmpdir"))), "FAIRLEAD_QUICKSTART", args);
  }

  static Quickstart in(Path temporary) {
    return new Quickstart(temporary);
  }

  @Override
  public int codeWhenStopped() {
    return staying ? Program.DONE : Program.FAILED;
  }

  @Override
  public int run(Lifetime lifetime, Screen screen) throws Exception {
    checkOptions();
    Steps steps = new Steps(screen, Steps.started(System.getProperty("fairlead.started")));
    Path directory = PrivateFiles.makeTemporary(temporary, "fairlead-", lifetime);
    ExecutorService beside = Executors.newSingleThreadExecutor();
    lifetime.owns(beside::shutdownNow);
    Future<Upstream> opening = beside.submit(() -> openUpstream(lifetime, steps));
    DemoHub hub = DemoHub.start(lifetime, directory, usersPort, agentsPort);
    steps.done(
        "hub: users at https://127.0.0.1:"
            + hub.usersPort()
            + ", agents at "
            + hub.agentsAddress());
    Future<UserClient> client =
        beside.submit(() -> new UserClient(hub.url(), hub.token(), hub.authority()));
    Path written = hub.writeKubeconfig(directory);
    Upstream upstream = opening.get();
    connect(lifetime, hub, upstream);
    steps.done("agent: enrolled by install token, its tunnel is open (gRPC, mutual TLS)");
    boolean proved = prove(new Proof(client.get(), upstream), upstream, steps);
    if (check) {
      return proved ? Program.DONE : Program.FAILED;
    }
    sayWhatNext(steps, upstream, written, directory);
    staying = true;
    lifetime.awaitEnd();
    return Program.DONE;
  }

  private void checkOptions() {
    if (context != null && kubeconfig == null) {
      throw misuse("--context: without --kubeconfig (expected: both, or neither)");
    }
    requirePort("--users-port", usersPort);
    requirePort("--agents-port", agentsPort);
    if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
      throw new Refusal(
          kubeconfig
              + (Files.exists(kubeconfig) ? " cannot be read" : " does not exist")
              + " (expected: a kubeconfig, such as ~/.kube/config)");
    }
  }

  private void requirePort(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw misuse(option + ": " + port + " (expected: 0-65535)");
    }
  }

  private ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private Upstream openUpstream(Lifetime lifetime, Steps steps) throws Exception {
    if (kubeconfig != null) {
      return new Upstream.Own(kubeconfig, context);
    }
    Upstream.Demo demo = Upstream.Demo.start(lifetime);
    steps.done("demo cluster: a small API server inside this JVM, at " + demo.cluster().url());
    return demo;
  }

  private static void connect(Lifetime lifetime, DemoHub hub, Upstream upstream)
      throws InterruptedException {
    FairleadAgent agent =
        lifetime.owns(
            FairleadAgent.builder()
                .dial(GrpcTransport.to("127.0.0.1", hub.agentsPort()))
                .pinning(hub.pin())
                .enrolWith(hub.issueInstallToken())
                .keepInMemory()
                .cluster(upstream.apiServer())
                .drainFor(DRAIN)
                .build());
    agent.start();
    try {
      agent.awaitConnected(PATIENCE);
    } catch (TimeoutException e) {
      throw new Refusal("the agent did not reach the hub on this machine: " + e.getMessage());
    }
  }

  private static boolean prove(Proof proof, Upstream upstream, Steps steps) throws Exception {
    try {
      Table list = proof.list();
      String firstAnswer = steps.sinceStart().strip();
      steps.done(
          "list: "
              + list.rows()
              + " rows, by TLS, front door, tunnel, agent and "
              + upstream.describe());
      steps.say("");
      list.lines().forEach(line -> steps.say("    " + line));
      steps.say("");
      List<String> events = proof.watch();
      steps.done("watch: events on the same way");
      steps.say("");
      events.forEach(event -> steps.say("    " + event));
      steps.say("");
      steps.title("It works: first answer after " + firstAnswer + " from the start.");
      return true;
    } catch (Proof.NoRightsException e) {
      steps.say(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static void sayWhatNext(Steps steps, Upstream upstream, Path kubeconfig, Path directory) {
    String kubectl = "  kubectl --kubeconfig " + kubeconfig;
    steps.title("Now you, in another terminal:");
    steps.say("");
    steps.say(kubectl + " get pods -A");
    if (upstream instanceof Upstream.Demo) {
      steps.say(kubectl + " -n shop logs -f cart-0");
      steps.say(kubectl + " -n shop exec -it cart-0 -- sh");
      steps.say(kubectl + " -n shop label pod cart-0 tried=yes");
    }
    steps.say("");
    steps.say("Who did what is in " + directory.resolve("audit.log"));
    steps.say("Ctrl-C ends everything and leaves nothing behind.");
  }
}
