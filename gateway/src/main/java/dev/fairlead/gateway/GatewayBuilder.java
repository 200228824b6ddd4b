package dev.fairlead.gateway;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.door.AgentPaths;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.request.ClusterAddressing;
import dev.fairlead.pki.ServerCertificate;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Collects what a front door is made of. Not for use by several threads. */
public final class GatewayBuilder {

  private static final int PER_ADDRESS = 1_000;

  private final FairleadHub hub;
  private @Nullable InetSocketAddress address;
  private @Nullable Supplier<SslContextBuilder> tls;
  private List<String> ownNames = List.of();
  private ClusterAddressing addressing = ClusterAddressing.byPath();
  private @Nullable AgentPaths agents;
  private LinkSettings settings = LinkSettings.FRONT_DOOR;
  private Duration drain = Duration.ofSeconds(5);
  private int perAddress = PER_ADDRESS;
  private final List<RestPages> pages = new ArrayList<>();
  private final List<Local> locals = new ArrayList<>();
  private @Nullable SignInOffer offer;

  /** A local address as it was asked for. */
  private record Local(ClusterName cluster, String loopback, int port) {}

  GatewayBuilder(FairleadHub hub) {
    this.hub = hub;
  }

  /**
   * Listens on all addresses of the machine.
   *
   * @param port 1 to 65535, or 0 for any free port
   * @return this
   */
  public GatewayBuilder listen(int port) {
    return listen(null, port);
  }

  /**
   * Listens on one address.
   *
   * @param host the address or name of one of the machine's interfaces, such as {@code 127.0.0.1};
   *     null for all
   * @param port 1 to 65535, or 0 for any free port
   * @return this
   * @throws InvalidException if the port is out of range
   */
  public GatewayBuilder listen(@Nullable String host, int port) {
    if (port < 0 || port > 65_535) {
      throw new InvalidException("port: " + port + " (expected: 0-65535)");
    }
    address = host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    return this;
  }

  /**
   * Shows users this certificate.
   *
   * @param certificate a file with the certificate and its chain in PEM
   * @param key a file with its private key, PKCS #8 in PEM, not encrypted
   * @return this
   */
  public GatewayBuilder tls(Path certificate, Path key) {
    tls = () -> SslContextBuilder.forServer(certificate.toFile(), key.toFile());
    return this;
  }

  /**
   * Shows users this certificate.
   *
   * @param key its private key
   * @param chain the certificate first
   * @return this
   */
  public GatewayBuilder tls(PrivateKey key, List<X509Certificate> chain) {
    tls = () -> SslContextBuilder.forServer(key, chain);
    return this;
  }

  /**
   * Shows users a certificate of the hub's own authority.
   *
   * @param certificate such as {@link FairleadHub#issueServerCertificate} issued
   * @return this
   */
  public GatewayBuilder tls(ServerCertificate certificate) {
    return tls(certificate.privateKey(), certificate.chain());
  }

  /**
   * Shows users a certificate of the hub's own authority, renewed for as long as the front door is
   * open. Its users have to trust {@link FairleadHub#caCertificate()}.
   *
   * @param names DNS names and IP addresses under which users reach the front door; the first label
   *     of a name may be {@code *}
   * @return this
   */
  public GatewayBuilder tlsByHub(String... names) {
    ownNames = List.of(names);
    tls = null;
    return this;
  }

  /**
   * Makes each cluster reachable under a host name, too, for tools that drop a server's path.
   *
   * @param suffix the hub's own host name: with {@code hub.example.com}, cluster {@code dev} is at
   *     {@code dev.hub.example.com}
   * @return this
   * @throws IllegalArgumentException if it is no host name
   */
  public GatewayBuilder hosts(String suffix) {
    addressing = ClusterAddressing.byPathAndHost(suffix);
    return this;
  }

  /**
   * Serves one cluster at a loopback address, too, for tools on the hub's own machine that want a
   * whole address for each API server, with nothing before its paths. There, as at the front door,
   * nobody passes without a credential, and over TLS only: with a certificate by the hub's own
   * authority, for that address and {@code localhost}, so that no other program of the machine can
   * pass for the hub. Requests that name another host are refused.
   *
   * @param cluster the cluster; each has one such address at most, and none unless this is called
   * @param loopback such as {@code 127.0.0.2}: an address from 127.0.0.0/8, or {@code ::1}; no name
   * @param port 1 to 65535, or 0 for any free port, see {@link Gateway#localAddress}
   * @return this
   */
  public GatewayBuilder local(ClusterName cluster, String loopback, int port) {
    locals.add(new Local(cluster, loopback, port));
    return this;
  }

  /**
   * Takes agents in, too, on the same port: what they ask for is told apart by its path.
   *
   * @param paths such as {@code WebSocketTransport.onFrontDoor()}, which is the hub's transport
   * @return this
   */
  public GatewayBuilder agents(AgentPaths paths) {
    agents = paths;
    return this;
  }

  /**
   * Sets the bounds of users' connections.
   *
   * @param bounds the bounds; {@link LinkSettings#FRONT_DOOR} unless set
   * @return this
   */
  public GatewayBuilder connections(LinkSettings bounds) {
    settings = bounds;
    return this;
  }

  /**
   * Sets how many connections one client address may have open at once; further ones are closed
   * before their handshake. An address of IPv6 counts as its network of 64 bits. The front door
   * takes 10,000 connections in all; where a proxy or load balancer stands before it, all of them
   * may come from one address.
   *
   * @param most 1 to 10,000; 1,000 unless set
   * @return this
   */
  public GatewayBuilder connectionsPerAddress(int most) {
    perAddress = most;
    return this;
  }

  /**
   * Sets how long requests may go on after {@code close()} was called.
   *
   * @param longest zero or more; 5 s unless set
   * @return this
   */
  public GatewayBuilder drainFor(Duration longest) {
    drain = longest;
    return this;
  }

  /**
   * Serves these pages, too, beside the clusters' paths and those of earlier calls. Under the host
   * names of clusters they are not reached.
   *
   * @param more the pages, which their maker ends after the front door
   * @return this
   */
  public GatewayBuilder serve(RestPages... more) {
    pages.addAll(List.of(more));
    return this;
  }

  /**
   * Answers people's programs: how to sign in ({@code GET /.well-known/fairlead}, for anybody), who
   * they are ({@code GET /auth/whoami}), and which clusters they may use ({@code GET /clusters}).
   * Accounts of the hub's own are told of wherever pages with {@code /auth/login} are served.
   *
   * @param ways how to sign in
   * @return this
   */
  public GatewayBuilder signIn(SignInOffer ways) {
    offer = ways;
    return this;
  }

  /**
   * Checks everything and makes the front door, which touches nothing but the certificate's files
   * before it is started.
   *
   * @return the front door
   * @throws InvalidException if something is missing or cannot be used; the message lists every
   *     mistake
   */
  public Gateway build() {
    List<String> mistakes = new ArrayList<>();
    if (address == null) {
      mistakes.add("listen: not set (expected: a port, such as 8443)");
    }
    SslContext context = null;
    if (tls == null && ownNames.isEmpty()) {
      mistakes.add(
          "tls: not set (expected: a certificate and its key, as kubectl sends tokens over TLS only)");
    } else if (tls != null) {
      try {
        context = DoorTls.context(tls.get(), hub.authenticator().clientAuthorities());
      } catch (SSLException | IllegalArgumentException e) {
        mistakes.add("tls: " + e.getMessage() + " (expected: a certificate and its key in PEM)");
      }
    }
    if (drain.isNegative()) {
      mistakes.add("drainFor: " + drain + " (expected: zero or more)");
    }
    if (perAddress < 1 || perAddress > Gateway.MOST_CONNECTIONS) {
      mistakes.add("connectionsPerAddress: " + perAddress + " (expected: 1-10000)");
    }
    List<LocalAddress> local = localAddresses(mistakes);
    PagePaths paths = PagePaths.of(pages, mistakes);
    SignInOffer told = offer;
    if (told != null) {
      told = paths.ownerOf("/auth/login") == null ? told : told.withLocalAccounts();
      paths = paths.with(new PeoplePages(hub.fleet(), hub.exchanges(), addressing, told));
    }
    if (!mistakes.isEmpty() || address == null) {
      throw new InvalidException("gateway: " + String.join("; ", mistakes));
    }
    Pages served = new Pages(paths, hub.authenticator(), hub.time());
    List<Binding> bindings = new ArrayList<>();
    bindings.add(new Binding(address, door(addressing::resolve, served), agents, null));
    local.forEach(at -> bindings.add(new Binding(at.address(), door(at, served), null, at)));
    return new Gateway(
        hub, bindings, context, ownNames, settings, drain, new Sources(perAddress), served);
  }

  private FrontDoor door(Addressing where, Pages served) {
    return new FrontDoor(hub.exchanges(), hub.authenticator(), where, served);
  }

  private List<LocalAddress> localAddresses(List<String> mistakes) {
    List<LocalAddress> found = new ArrayList<>();
    for (Local local : locals) {
      LocalAddress.of(local.cluster(), local.loopback(), local.port(), mistakes)
          .ifPresent(
              at -> {
                if (found.stream().anyMatch(at::clashesWith)) {
                  mistakes.add(
                      "local: "
                          + at.shown()
                          + " for cluster "
                          + at.cluster()
                          + " (expected: one address for each cluster, and one cluster at each)");
                }
                found.add(at);
              });
    }
    return found;
  }
}
