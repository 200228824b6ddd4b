package dev.fairlead.examples;

import dev.fairlead.agent.AgentBuilder;
import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.Agent.State;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.examples.program.AgentsAddress;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.PrivateFiles;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Refusal;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.examples.program.Service;
import dev.fairlead.examples.program.Version;
import dev.fairlead.transport.grpc.GrpcTransport;
import dev.fairlead.transport.websocket.WebSocketTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Spec private CommandSpec spec;

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

  @Option(
      names = "--proxy",
      paramLabel = "http://HOST:PORT",
      description =
          "an HTTP proxy on the way to the hub (default: what HTTPS_PROXY and NO_PROXY say)")
  private @Nullable String proxy;

  @Option(
      names = "--proxy-auth",
      paramLabel = "FILE",
      description = "a file with user:password for the --proxy")
  private @Nullable Path proxyAuth;

  @Option(
      names = "--load-balancer-ca",
      paramLabel = "FILE|jvm",
      description =
          "a load balancer ends TLS on the way to the hub: who issued its certificate, in PEM, or"
              + " jvm if this Java trusts it anyway")
  private @Nullable String loadBalancerCa;

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

  @Option(
      names = "--deny",
      paramLabel = "WHAT[/NAMESPACE]",
      split = ",",
      description =
          "refuses a verb, resource or subresource, whatever the hub says, such as exec or"
              + " delete/kube-system; repeatable")
  private List<String> denials = new ArrayList<>();

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
  public int run(Lifetime lifetime, Screen screen) throws Exception {
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

  private FairleadAgent agent() throws IOException {
    if (drainSeconds < 0 || drainSeconds > 3_600) {
      throw misuse("--drain: " + drainSeconds + " (expected: 0-3600)");
    }
    if (hub.at().port() == 0) {
      throw misuse("--hub: port 0 (expected: 1-65535)");
    }
    if (context != null && kubeconfig == null) {
      throw misuse("--context: without --kubeconfig (expected: both, or neither)");
    }
    AgentBuilder builder =
        FairleadAgent.builder()
            .dial(transport())
            .pinning(hubCa)
            .keepIn(data)
            .cluster(
                kubeconfig == null
                    ? ApiServer.inCluster()
                    : ApiServer.kubeconfig(kubeconfig, context))
            .guard(guard())
            .drainFor(Duration.ofSeconds(drainSeconds));
    // A mounted token may be taken away once it was used.
    if (installToken != null && (Files.exists(installToken) || !hasEnrolled())) {
      builder.enrolWith(InstallToken.read(installToken));
    }
    return builder.build();
  }

  private EgressProxies proxies() throws IOException {
    if (proxy == null) {
      if (proxyAuth != null) {
        throw misuse("--proxy-auth: without --proxy (expected: both, or neither)");
      }
      return EgressProxies.environment();
    }
    if (proxy.contains("@")) {
      throw misuse("--proxy: with a user (expected: http://HOST:PORT, and --proxy-auth)");
    }
    EgressProxy through = EgressProxy.parse("--proxy", proxy);
    if (proxyAuth != null) {
      String[] parts = Files.readString(proxyAuth).strip().split(":", 2);
      if (parts.length < 2) {
        throw misuse("--proxy-auth: no colon in " + proxyAuth + " (expected: user:password)");
      }
      through = through.authenticating(parts[0], parts[1]);
    }
    return EgressProxies.all(through);
  }

  private AgentTransport transport() throws IOException {
    EgressProxies proxies = proxies();
    String host = hub.at().host();
    int port = hub.at().port();
    if (loadBalancerCa != null) {
      LoadBalancer balancer = loadBalancer(loadBalancerCa);
      return switch (hub.transport()) {
        case GRPC -> GrpcTransport.to(host, port, proxies, balancer);
        case WEBSOCKET -> WebSocketTransport.to(host, port, proxies, balancer);
      };
    }
    return switch (hub.transport()) {
      case GRPC -> GrpcTransport.to(host, port, proxies);
      case WEBSOCKET -> WebSocketTransport.to(host, port, proxies);
    };
  }

  private LoadBalancer loadBalancer(String ca) throws IOException {
    if (ca.equals("jvm")) {
      return LoadBalancer.trustedByThisJvm();
    }
    try (InputStream in = Files.newInputStream(Path.of(ca))) {
      return LoadBalancer.certifiedBy(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (CertificateException e) {
      throw misuse(
          "--load-balancer-ca: no certificate in " + ca + " (expected: X.509 in PEM, or jvm)");
    }
  }

  private boolean hasEnrolled() {
    return Files.exists(data.resolve("agent.pem"));
  }

  private Guard guard() {
    Guard guard = Guard.standard();
    for (String denial : denials) {
      int slash = denial.lastIndexOf('/');
      boolean path = denial.startsWith("/");
      try {
        guard =
            slash < 0 || path
                ? guard.andDeny(denial)
                : guard.andDeny(denial.substring(0, slash)).in(denial.substring(slash + 1));
      } catch (InvalidException e) {
        throw misuse("--deny: '" + denial + "': " + e.getMessage());
      }
    }
    return guard;
  }

  private ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
