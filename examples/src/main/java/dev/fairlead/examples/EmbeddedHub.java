package dev.fairlead.examples;

import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Path;

/** A hub and its front door as a part of a service that exists already. */
final class EmbeddedHub implements AutoCloseable {

  final FairleadHub hub;
  final Gateway gateway;

  /** Agents dial, for example, {@code GrpcTransport.listen(8300)}. */
  EmbeddedHub(Path directory, HubTransport agents, int usersPort) throws IOException {
    hub =
        FairleadHub.builder()
            .transport(agents)
            .tunnelNames("hub.example.com", "localhost")
            .authenticator(StaticTokens.load(directory.resolve("tokens.csv")))
            .authorizer(Roles.load(directory.resolve("roles.yaml")))
            .audit(JsonLinesAuditSink.open(directory.resolve("audit.log")))
            .keepIn(directory.resolve("hub"))
            .build();
    gateway =
        Gateway.builder(hub).listen(usersPort).tlsByHub("hub.example.com", "localhost").build();
  }

  void start() {
    hub.start();
    gateway.start();
  }

  @Override
  public void close() {
    gateway.close();
    hub.close();
  }
}
