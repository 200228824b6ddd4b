package dev.fairlead.examples;

import dev.fairlead.agent.direct.DirectClusters;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.audit.AuditFileSettings;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.examples.program.AgentsAddress;
import dev.fairlead.examples.program.ClusterAndFile;
import dev.fairlead.examples.program.HostAndPort;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.examples.program.PrivateFiles;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Refusal;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.examples.program.Service;
import dev.fairlead.examples.program.Version;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.GatewayBuilder;
import dev.fairlead.gateway.SignInOffer;
import dev.fairlead.transport.grpc.GrpcTransport;
import dev.fairlead.transport.websocket.WebSocketTransport;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A hub as a program of its own: agents dial it, users come in through its front door. */
@Command(
    name = "fairlead-hub",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Runs a hub: one door to a fleet of Kubernetes clusters.",
    footer = {
      "",
      "Every option can come from the environment, too: --tls-cert as FAIRLEAD_HUB_TLS_CERT.",
      "SIGTERM and Ctrl-C drain what is under way, and end the hub with exit code 0."
    })
public final class StandaloneHub implements Service {

  private static final Logger log = LoggerFactory.getLogger(StandaloneHub.class);
  private static final String ANY_ADDRESS_V4 = "0.0.0.0";
  private static final String ANY_ADDRESS_V6 = "::";

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "certificate authority and stores; mode 0700, made if absent")
  private Path data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8443",
      converter = HostAndPort.Converter.class,
      description = "front door for users; port 0 for any (default: ${DEFAULT-VALUE})")
  private HostAndPort listen;

  @Option(
      names = "--agents",
      paramLabel = "[wss://]HOST:PORT",
      defaultValue = "127.0.0.1:8300",
      converter = AgentsAddress.Converter.class,
      description =
          "where agents dial, over gRPC or, with wss://, over WebSocket; port 0 for any"
              + " (default: ${DEFAULT-VALUE})")
  private AgentsAddress agentsAddress;

  @Option(
      names = "--agents-name",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "localhost,127.0.0.1",
      description = "names agents dial, for the certificate (default: ${DEFAULT-VALUE})")
  private List<String> agentsNames;

  @Option(
      names = "--behind-load-balancer",
      description =
          "a load balancer ends the agents' TLS: they show who they are within, and are told by"
              + " --load-balancer-ca")
  private boolean behindLoadBalancer;

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "FILE",
      description = "who may do what on which cluster, in YAML")
  private Path roles;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "bearer tokens: lines of token,user,uid,\"group1,group2\"; mode 0600")
  private @Nullable Path tokens;

  @Mixin private OidcOptions oidc;

  @Mixin private AccountOptions accounts;

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description =
          "audit log in JSON lines, chained and signed by audit-key.pem in the --data directory"
              + " (default: audit.log there)")
  private @Nullable Path audit;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "the front door's certificate and chain in PEM (default: by the hub's own CA)")
  private @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "its private key, PKCS #8 in PEM")
  private @Nullable Path tlsKey;

  @Option(
      names = "--host-suffix",
      paramLabel = "NAME",
      description = "makes cluster X reachable as https://X.NAME, too")
  private @Nullable String hostSuffix;

  @Option(
      names = "--install-token",
      paramLabel = "CLUSTER=FILE",
      split = ",",
      converter = ClusterAndFile.Converter.class,
      description = "issues an install token for a cluster's agent into a new file; repeatable")
  private List<ClusterAndFile> installTokens = new ArrayList<>();

  @Option(
      names = "--kubeconfig-cluster",
      paramLabel = "CLUSTER=FILE",
      split = ",",
      converter = ClusterAndFile.Converter.class,
      description = "a cluster without an agent, reached by a kubeconfig; repeatable")
  private List<ClusterAndFile> kubeconfigClusters = new ArrayList<>();

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "gets users=, agents=, ca= and pin= once the hub is ready; gone when it ends")
  private @Nullable Path readyFile;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "how long requests may go on at the end, 0-3600 (default: ${DEFAULT-VALUE})")
  private int drainSeconds;

  private StandaloneHub() {}

  /**
   * Runs the hub until the process is told to end.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new StandaloneHub(), "FAIRLEAD_HUB", args);
  }

  static StandaloneHub create() {
    return new StandaloneHub();
  }

  @Override
  public int run(Lifetime lifetime, Screen screen) throws Exception {
    checkOptions();
    PrivateFiles.makeDirectory(data);
    HubTransport door = agentsDoor();
    InMemoryTransport within = InMemoryTransport.create();
    FairleadHub hub = lifetime.owns(hub(door, within, lifetime.owns(new SystemTime())));
    hub.start();
    DirectClusters direct = lifetime.owns(DirectClusters.of(hub, within));
    kubeconfigClusters.forEach(one -> direct.add(one.cluster(), ApiServer.kubeconfig(one.file())));
    Gateway gateway = lifetime.owns(gateway(hub));
    gateway.start();
    for (ClusterAndFile order : installTokens) {
      issueToken(hub, order);
    }
    String users = listen.withPort(gateway.port()).toString();
    Path ca = data.resolve("hub-ca.pem");
    accounts.showFirstAdministrator(screen);
    PrivateFiles.replace(ca, Pem.of(hub.caCertificate()));
    log.info("ready: users at https://{}, agents at {}, {}", users, door.address(), hub.pin());
    if (readyFile != null) {
      Path file = readyFile;
      lifetime.owns(() -> Files.deleteIfExists(file));
      PrivateFiles.replace(
          file,
          "users=%s\nagents=%s\nca=%s\npin=%s\n"
              .formatted(users, door.address(), ca.toAbsolutePath(), hub.pin()));
    }
    lifetime.awaitEnd();
    log.info("draining for {} s at most", drainSeconds);
    return Program.DONE;
  }

  private static void issueToken(FairleadHub hub, ClusterAndFile order) throws IOException {
    IssuedInstallToken issued = hub.fleet().issueInstallToken(order.cluster());
    PrivateFiles.writeNew(order.file(), issued.token().reveal() + "\n");
    log.info(
        "install token {} for cluster {} is in {}, for one agent until {}",
        issued.token().id(),
        order.cluster(),
        order.file(),
        issued.info().expiresAt());
  }

  private void checkOptions() {
    if ((tlsCertificate == null) != (tlsKey == null)) {
      throw misuse("--tls-cert and --tls-key: one without the other (expected: both or none)");
    }
    if (drainSeconds < 0 || drainSeconds > 3_600) {
      throw misuse("--drain: " + drainSeconds + " (expected: 0-3600)");
    }
    for (ClusterAndFile order : installTokens) {
      if (Files.exists(order.file())) {
        throw new Refusal(
            order.file()
                + " exists already (expected: a new file for the install token; remove it, or leave"
                + " --install-token away when the agent has enrolled)");
      }
    }
  }

  private ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private HubTransport agentsDoor() {
    HostAndPort at = agentsAddress.at();
    return switch (agentsAddress.transport()) {
      case GRPC -> behindLoadBalancer ? overGrpcBehindLoadBalancer(at) : overGrpc(at);
      case WEBSOCKET ->
          behindLoadBalancer
              ? WebSocketTransport.listenBehindLoadBalancer(at.host(), at.port())
              : WebSocketTransport.listen(at.host(), at.port());
    };
  }

  private static HubTransport overGrpc(HostAndPort agents) {
    return GrpcTransport.on(
        agents.toString(),
        credentials -> NettyServerBuilder.forAddress(agents.toSocketAddress(), credentials));
  }

  private static HubTransport overGrpcBehindLoadBalancer(HostAndPort agents) {
    return GrpcTransport.onBehindLoadBalancer(
        agents.toString(),
        credentials -> NettyServerBuilder.forAddress(agents.toSocketAddress(), credentials));
  }

  private FairleadHub hub(HubTransport door, InMemoryTransport within, SystemTime time)
      throws IOException {
    ReloadableRoles decisions = ReloadableRoles.load(roles);
    HubBuilder builder =
        FairleadHub.builder()
            .transport(door)
            .transport(within.hub())
            .tunnelNames(agentsNames.toArray(String[]::new))
            .authorizer(decisions)
            .keepIn(data)
            .drainFor(Duration.ofSeconds(drainSeconds));
    if (tokens != null) {
      builder.authenticator(StaticTokens.load(tokens));
    }
    oidc.authenticator(spec).ifPresent(builder::authenticator);
    Path auditLog = audit == null ? data.resolve("audit.log") : audit;
    JsonLinesAuditSink trail =
        JsonLinesAuditSink.open(
            auditLog,
            ChainKey.in(data.resolve("audit-key.pem")),
            AuditFileSettings.defaults(),
            time);
    accounts.addTo(builder, data, trail);
    FairleadHub hub = builder.audit(trail).build();
    decisions.watch(hub.time(), Duration.ofSeconds(2), ForkJoinPool.commonPool());
    return hub;
  }

  private Gateway gateway(FairleadHub hub) {
    GatewayBuilder builder =
        Gateway.builder(hub)
            .listen(listen.host(), listen.port())
            .signIn(signIn())
            .drainFor(Duration.ofSeconds(drainSeconds));
    if (hostSuffix != null) {
      builder.hosts(hostSuffix);
    }
    accounts.addTo(builder);
    if (tlsCertificate != null && tlsKey != null) {
      return builder.tls(tlsCertificate, tlsKey).build();
    }
    return builder.tlsByHub(frontDoorNames().toArray(String[]::new)).build();
  }

  private SignInOffer signIn() {
    return oidc.offer().map(SignInOffer.none()::with).orElse(SignInOffer.none());
  }

  private Set<String> frontDoorNames() {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1"));
    if (!Set.of(ANY_ADDRESS_V4, ANY_ADDRESS_V6).contains(listen.host())) {
      names.add(listen.host());
    }
    if (hostSuffix != null) {
      names.add(hostSuffix);
      names.add("*." + hostSuffix);
    }
    return names;
  }
}
