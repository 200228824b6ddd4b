package dev.fairlead.examples;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import dev.fairlead.core.inner.LoadBalancer;
import dev.fairlead.examples.program.AgentsAddress;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.examples.program.Refusal;
import dev.fairlead.transport.grpc.GrpcTransport;
import dev.fairlead.transport.websocket.WebSocketTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of an agent about what is between it and its hub. */
final class EgressOptions {

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

  private @Nullable EgressProxies proxies;
  private @Nullable LoadBalancer balancer;

  void check(Mistakes mistakes) {
    proxies = checkedProxies(mistakes);
    String ca = loadBalancerCa;
    if (ca != null && ca.equals("jvm")) {
      balancer = LoadBalancer.trustedByThisJvm();
    } else if (ca != null) {
      balancer =
          mistakes
              .read(
                  "--load-balancer-ca",
                  () -> LoadBalancer.certifiedBy(Pem.certificates(Path.of(ca)).get(0)))
              .orElse(null);
    }
  }

  private @Nullable EgressProxies checkedProxies(Mistakes mistakes) {
    String given = proxy;
    Path file = proxyAuth;
    if (given == null) {
      if (file != null) {
        mistakes.add("--proxy-auth: without --proxy (expected: both, or neither)");
      }
      return mistakes.understand("HTTPS_PROXY, NO_PROXY", EgressProxies::environment).orElse(null);
    }
    if (given.contains("@")) {
      mistakes.add("--proxy: with a user (expected: http://HOST:PORT, and --proxy-auth)");
      return null;
    }
    EgressProxy through =
        mistakes.understand("--proxy", () -> EgressProxy.parse("proxy", given)).orElse(null);
    String[] account =
        file == null ? null : mistakes.read("--proxy-auth", () -> account(file)).orElse(null);
    if (through == null) {
      return null;
    }
    return EgressProxies.all(
        account == null ? through : through.authenticating(account[0], account[1]));
  }

  private static String[] account(Path file) throws IOException {
    String[] parts = Files.readString(file).strip().split(":", 2);
    if (parts.length < 2) {
      throw new Refusal("no colon in " + file + " (expected: user:password)");
    }
    return parts;
  }

  /** The way to a hub, once all was checked. */
  AgentTransport to(AgentsAddress hub) {
    EgressProxies through = Objects.requireNonNull(proxies, "proxies");
    LoadBalancer between = balancer;
    String host = hub.at().host();
    int port = hub.at().port();
    return switch (hub.transport()) {
      case GRPC ->
          between == null
              ? GrpcTransport.to(host, port, through)
              : GrpcTransport.to(host, port, through, between);
      case WEBSOCKET ->
          between == null
              ? WebSocketTransport.to(host, port, through)
              : WebSocketTransport.to(host, port, through, between);
    };
  }
}
