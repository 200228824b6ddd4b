package dev.fairlead.benchmarks.node;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** An agent of the cluster {@code bench-0} that serves the API server it is told. */
final class AgentRole implements Node.Role {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FairleadAgent agent;

  AgentRole(NodeOptions options) throws Exception {
    this(options, Node.loops(options.number("loops")));
  }

  private AgentRole(NodeOptions options, EventLoopGroup loops) throws Exception {
    this(
        options,
        options.carrier().agent(options.number("hub"), loops),
        InstallToken.read(options.path("token")),
        options.text("pin"),
        loops);
  }

  AgentRole(
      NodeOptions options,
      AgentTransport transport,
      InstallToken token,
      String pin,
      EventLoopGroup loops)
      throws Exception {
    TlsMaterial trust = trust(options.path("ca"));
    String credential = Files.readString(options.path("credential"));
    agent =
        FairleadAgent.builder()
            .dial(transport)
            .pinning(pin)
            .enrolWith(token)
            .keepInMemory()
            .cluster(ApiServer.at(URI.create(options.text("server")), trust, () -> credential))
            .eventLoops(loops)
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(PATIENCE);
  }

  private static TlsMaterial trust(Path pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return new TlsMaterial(List.of(), List.of(factory.getTrustManagers()));
  }

  @Override
  public String ready() {
    return "state=" + agent.state();
  }

  @Override
  public String command(String name, String argument) {
    throw new IllegalArgumentException("command: " + name);
  }

  @Override
  public void close() {
    agent.close();
  }
}
