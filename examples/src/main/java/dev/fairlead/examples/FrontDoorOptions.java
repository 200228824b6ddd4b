package dev.fairlead.examples;

import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.examples.program.ClusterAndAddress;
import dev.fairlead.examples.program.HostAndPort;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.GatewayBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the door that users come in by. */
final class FrontDoorOptions {

  private static final String ANY_ADDRESS_V4 = "0.0.0.0";
  private static final String ANY_ADDRESS_V6 = "::";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = HostAndPort.Converter.class,
      description = "front door for users; port 0 for any (default: ${DEFAULT-VALUE})")
  private HostAndPort listen = new HostAndPort("127.0.0.1", 8443);

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
      names = "--connections-per-address",
      paramLabel = "NUMBER",
      description =
          "connections that one client address may have open, 1-10000; up to 10000 where a load"
              + " balancer hides the addresses (default: ${DEFAULT-VALUE})")
  private int connectionsPerAddress = 1_000;

  @Option(
      names = "--local",
      paramLabel = "CLUSTER=127.X.Y.Z:PORT",
      split = ",",
      converter = ClusterAndAddress.Converter.class,
      description =
          "a loopback address that stands for one cluster, for tools on this machine; it asks for"
              + " credentials as the front door does; repeatable")
  private List<ClusterAndAddress> locals = new ArrayList<>();

  void check(Mistakes mistakes) {
    Set<Object> taken = new HashSet<>();
    for (ClusterAndAddress local : locals) {
      boolean one = taken.add(local.cluster());
      if ((local.address().port() != 0 && !taken.add(local.address())) || !one) {
        mistakes.add(
            "--local: "
                + local.cluster()
                + "="
                + local.address()
                + " (expected: one address for each cluster, and one cluster at each)");
      }
    }
    if ((tlsCertificate == null) != (tlsKey == null)) {
      mistakes.add("--tls-cert and --tls-key: one without the other (expected: both or none)");
    }
    mistakes.requireReadable("--tls-cert", tlsCertificate);
    mistakes.requireReadable("--tls-key", tlsKey);
    mistakes.requireWithin("--connections-per-address", connectionsPerAddress, 1, 10_000);
  }

  /** A front door of the hub, with more to be told. */
  GatewayBuilder door(FairleadHub hub) {
    GatewayBuilder builder =
        Gateway.builder(hub)
            .listen(listen.host(), listen.port())
            .connectionsPerAddress(connectionsPerAddress);
    if (hostSuffix != null) {
      builder.hosts(hostSuffix);
    }
    locals.forEach(
        local -> builder.local(local.cluster(), local.address().host(), local.address().port()));
    return tlsCertificate != null && tlsKey != null
        ? builder.tls(tlsCertificate, tlsKey)
        : builder.tlsByHub(names().toArray(String[]::new));
  }

  /** Where users come in, once it is known at which port. */
  String address(int port) {
    return listen.withPort(port).toString();
  }

  private Set<String> names() {
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
