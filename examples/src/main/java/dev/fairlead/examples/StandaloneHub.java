package dev.fairlead.examples;

import dev.fairlead.agent.direct.DirectClusters;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.store.FileStores;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.examples.program.AgentsAddress;
import dev.fairlead.examples.program.ClusterAndFile;
import dev.fairlead.examples.program.HostAndPort;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Mistakes;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "certificate authority and stores; mode 0700, made if absent")
  private Path data;

  @Mixin private FrontDoorOptions frontDoor;

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

  @Mixin private RoleOptions roles;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "bearer tokens: lines of token,user,uid,\"group1,group2\"; mode 0600")
  private @Nullable Path tokens;

  @Mixin private OidcOptions oidc;

  @Mixin private AccountOptions accounts;

  @Mixin private KubernetesIdentityOptions kubernetes;

  @Mixin private AdministratorOptions administrators;

  @Mixin private AuditOptions audit;

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
      description = "how long requests may go on at the end, 0-3600 (default: ${DEFAULT-VALUE})")
  private int drainSeconds = 5;

  private @Nullable StaticTokens staticTokens;
  private @Nullable OidcAuthenticator oidcUsers;

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
  public void check(Mistakes mistakes) {
    frontDoor.check(mistakes);
    audit.check(mistakes);
    accounts.check(mistakes);
    kubernetes.check(mistakes);
    administrators.check(mistakes);
    oidcUsers = oidc.check(mistakes).orElse(null);
    mistakes.requireWithin("--drain", drainSeconds, 0, 3_600);
    roles.check(mistakes, administrators.areThere());
    staticTokens = read(mistakes, "--tokens", tokens, StaticTokens::load);
    kubeconfigClusters.forEach(one -> mistakes.requireReadable("--kubeconfig-cluster", one.file()));
    for (ClusterAndFile order : installTokens) {
      if (Files.exists(order.file())) {
        mistakes.read("--install-token", () -> refuse(order.file()));
      }
    }
  }

  private static <T> @Nullable T read(
      Mistakes mistakes, String option, @Nullable Path file, Function<Path, T> reading) {
    return file == null ? null : mistakes.read(option, () -> reading.apply(file)).orElse(null);
  }

  private static Path refuse(Path file) {
    throw new Refusal(
        file
            + " exists already (expected: a new file for the install token; remove it, or leave"
            + " --install-token away when the agent has enrolled)");
  }

  @Override
  public int run(Lifetime lifetime, Screen screen) throws Exception {
    PrivateFiles.makeDirectory(data);
    HubTransport door = agentsDoor();
    InMemoryTransport within = InMemoryTransport.create();
    SystemTime time = lifetime.owns(new SystemTime());
    AuditSink trail = lifetime.owns(audit.open(data, time));
    FairleadHub hub = lifetime.owns(hub(door, within, trail));
    hub.start();
    roles.watch(hub.time(), lifetime);
    DirectClusters direct = lifetime.owns(DirectClusters.of(hub, within));
    kubeconfigClusters.forEach(one -> direct.add(one.cluster(), ApiServer.kubeconfig(one.file())));
    Gateway gateway = lifetime.owns(gateway(hub, trail));
    gateway.start();
    for (ClusterAndFile order : installTokens) {
      issueToken(hub, order);
    }
    String users = frontDoor.address(gateway.port());
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

  private HubTransport agentsDoor() {
    HostAndPort at = agentsAddress.at();
    return switch (agentsAddress.transport()) {
      case GRPC ->
          behindLoadBalancer
              ? GrpcTransport.listenBehindLoadBalancer(at.host(), at.port())
              : GrpcTransport.listen(at.host(), at.port());
      case WEBSOCKET ->
          behindLoadBalancer
              ? WebSocketTransport.listenBehindLoadBalancer(at.host(), at.port())
              : WebSocketTransport.listen(at.host(), at.port());
    };
  }

  private FairleadHub hub(HubTransport door, InMemoryTransport within, AuditSink trail) {
    Stores stores = FileStores.in(data.resolve("stores"));
    HubBuilder builder =
        FairleadHub.builder()
            .transport(door)
            .transport(within.hub())
            .tunnelNames(agentsNames.toArray(String[]::new))
            .authorizer(roles.of(stores))
            .audit(trail)
            .recording(audit.recording())
            .keepIn(data)
            .stores(stores)
            .drainFor(Duration.ofSeconds(drainSeconds));
    if (staticTokens != null) {
      builder.authenticator(staticTokens);
    }
    if (oidcUsers != null) {
      builder.authenticator(oidcUsers);
    }
    kubernetes.addTo(builder);
    accounts.addTo(builder, stores, trail);
    return builder.build();
  }

  private Gateway gateway(FairleadHub hub, AuditSink trail) {
    GatewayBuilder builder =
        frontDoor.door(hub).signIn(signIn()).drainFor(Duration.ofSeconds(drainSeconds));
    accounts.addTo(builder);
    administrators.addTo(builder, hub, roles.decisions(), trail);
    return builder.build();
  }

  private SignInOffer signIn() {
    return oidc.offer().map(SignInOffer.none()::with).orElse(SignInOffer.none());
  }
}
