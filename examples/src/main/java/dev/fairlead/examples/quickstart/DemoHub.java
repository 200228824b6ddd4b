package dev.fairlead.examples.quickstart;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.examples.program.PrivateFiles;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;

/** A hub with a front door, on loopback, for one user and one cluster. Its state is in memory. */
final class DemoHub {

  static final ClusterName CLUSTER = ClusterName.of("demo");
  static final Identity USER = Identity.user("demo").inGroups("fairlead-demo");

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final Duration TOKEN_LIFE = Duration.ofDays(1);
  private static final String ROLES =
      """
      roles:
        - name: everything
          rules:
            - clusters: [demo]
              namespaces: ["*"]
              apiGroups: ["*"]
              resources: ["*"]
              verbs: ["*"]
            - clusters: [demo]
              nonResourceURLs: ["*"]
              verbs: ["*"]
      bindings:
        - role: everything
          users: [demo]
      """;

  private final FairleadHub hub;
  private final HubTransport transport;
  private final Gateway gateway;
  private final String token;

  private DemoHub(FairleadHub hub, HubTransport transport, Gateway gateway) {
    this.hub = hub;
    this.transport = transport;
    this.gateway = gateway;
    this.token =
        hub.apiKeys().issue(ApiKeyOrder.forUser(USER).livingFor(TOKEN_LIFE)).token().reveal();
  }

  static DemoHub start(Lifetime lifetime, Path directory, int usersPort, int agentsPort)
      throws IOException {
    HubTransport transport = GrpcTransport.listen(LOOPBACK, agentsPort);
    FairleadHub hub =
        lifetime.owns(
            FairleadHub.builder()
                .transport(transport)
                .authorizer(Roles.parse(ROLES, "the quickstart's roles"))
                .audit(JsonLinesAuditSink.open(directory.resolve("audit.log")))
                .keepInMemory()
                .drainFor(DRAIN)
                .build());
    hub.start();
    Gateway gateway =
        lifetime.owns(
            Gateway.builder(hub)
                .listen(LOOPBACK, usersPort)
                .tlsByHub("localhost", LOOPBACK)
                .drainFor(DRAIN)
                .build());
    gateway.start();
    return new DemoHub(hub, transport, gateway);
  }

  /** The cluster's API, as users see it. */
  String url() {
    return "https://" + LOOPBACK + ":" + gateway.port() + "/clusters/" + CLUSTER;
  }

  int usersPort() {
    return gateway.port();
  }

  String agentsAddress() {
    return transport.address();
  }

  int agentsPort() {
    String address = transport.address();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  CertificatePin pin() {
    return hub.pin();
  }

  X509Certificate authority() {
    return hub.caCertificate();
  }

  InstallToken issueInstallToken() {
    return hub.fleet().issueInstallToken(CLUSTER).token();
  }

  /** The user's bearer token, a secret. */
  String token() {
    return token;
  }

  /** Writes what kubectl needs, for its owner alone. */
  Path writeKubeconfig(Path directory) throws IOException {
    String ca =
        Base64.getEncoder().encodeToString(Pem.of(authority()).getBytes(StandardCharsets.US_ASCII));
    Path file = directory.resolve("kubeconfig");
    PrivateFiles.writeNew(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
          - name: demo
            cluster:
              server: %s
              certificate-authority-data: %s
        users:
          - name: demo
            user:
              token: %s
        contexts:
          - name: demo
            context:
              cluster: demo
              user: demo
        current-context: demo
        """
            .formatted(url(), ca, token));
    return file;
  }
}
