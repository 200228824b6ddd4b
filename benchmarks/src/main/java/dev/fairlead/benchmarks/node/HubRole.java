package dev.fairlead.benchmarks.node;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.gateway.Gateway;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A hub as an embedder would run it: with a front door, static tokens, roles and an audit log in a
 * file. What it keeps is in memory.
 */
final class HubRole implements Node.Role {

  private static final Rule EVERYTHING =
      Rule.builder().clusters("*").namespaces("*").apiGroups("*").resources("*").verbs("*").build();

  /** One user makes all requests here, and more of them than any user may by default. */
  private static final ExchangeLimits NO_RATE =
      new ExchangeLimits(10_000, 10_000, 1_000_000, 1_000_000);

  private final FairleadHub hub;
  private final Gateway gateway;
  private final HubTransport door;

  HubRole(NodeOptions options) throws IOException {
    this(options, Node.loops(options.number("loops")));
  }

  private HubRole(NodeOptions options, EventLoopGroup loops) throws IOException {
    this(options, options.carrier().hub(loops), loops);
  }

  HubRole(NodeOptions options, HubTransport door, EventLoopGroup loops) throws IOException {
    this.door = door;
    hub =
        FairleadHub.builder()
            .transport(door)
            .authenticator(StaticTokens.load(options.path("tokens")))
            .authorizer(
                Roles.builder().role("all", EVERYTHING).bindGroups("all", "benchmark").build())
            .audit(audit(options))
            .keepInMemory()
            .eventLoops(loops)
            .limits(NO_RATE)
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("localhost", "127.0.0.1")
            .drainFor(Duration.ZERO)
            .build();
    gateway.start();
  }

  private static AuditSink audit(NodeOptions options) throws IOException {
    return options.text("audit").equals("none")
        ? new NoAudit()
        : JsonLinesAuditSink.open(options.path("audit"));
  }

  /** What the audit costs is measured beside it. */
  private static final class NoAudit implements AuditSink {
    @Override
    public CompletionStage<Void> append(AuditEvent event) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {}
  }

  FairleadHub hub() {
    return hub;
  }

  @Override
  public String ready() {
    String address = door.address();
    return "users="
        + gateway.port()
        + " agents="
        + address.substring(address.lastIndexOf(':') + 1)
        + " pin="
        + hub.pin();
  }

  /** {@code tokens FIRST COUNT FILE}: install tokens for so many clusters, one a line. */
  @Override
  public String command(String name, String argument) throws IOException {
    if (!name.equals("tokens")) {
      throw new IllegalArgumentException("command: " + name);
    }
    String[] words = argument.split(" ", 3);
    int first = Integer.parseInt(words[0]);
    int count = Integer.parseInt(words[1]);
    List<String> tokens = new ArrayList<>(count);
    for (int i = first; i < first + count; i++) {
      ClusterName cluster = ClusterName.of("bench-" + i);
      tokens.add(hub.fleet().issueInstallToken(cluster).token().reveal());
    }
    Files.write(Path.of(words[2]), tokens);
    return "done";
  }

  @Override
  public void close() {
    gateway.close();
    hub.close();
  }
}
