package dev.fairlead.transport.grpc;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.inner.InnerAgentTransport;
import dev.fairlead.core.inner.LoadBalancer;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ProxyDetector;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Function;

/**
 * The transport over gRPC, as {@code fairlead/agent/v1/agent.proto} defines it: the hub listens
 * with TLS and asks for client certificates, each pipe of an agent is one call on a connection of
 * its own.
 *
 * <p><b>Bounds.</b> A direction of a pipe holds at most 256 KiB at its writer, what HTTP/2's flow
 * control lets be on its way (1 MiB unless a builder says otherwise), and 4 chunks at its reader.
 * No call is retried or compressed. At most 64 enrolments are under way or wait; a further one is
 * refused with a {@link dev.fairlead.api.LimitException}.
 *
 * <p><b>Liveness.</b> Both sides send an HTTP/2 PING after 30 s of silence and give up after 10 s
 * more. That finds a dead neighbour, who may be a load balancer; the tunnel's own liveness, which
 * travels inside the call, finds a dead peer behind it.
 *
 * <p><b>Strangers.</b> A handshake may take ten seconds, and a connection without a call stays for
 * a minute. Of handshakes there are about 1,024 at most: then the port takes no more until one ends
 * or the oldest, after two seconds, gives way. Of connections without a tunnel there are 10,000;
 * then the oldest gives way. That takes grpc-netty-shaded: elsewhere, and with a server of an
 * embedder's, gRPC lets nobody see connections, and where strangers reach the port a proxy that
 * bounds them belongs before it.
 *
 * <p><b>Load balancers.</b> One that passes TCP through keeps everything as it is. One that ends
 * TLS takes the agent's certificate away, and the hub refuses the call, unless both are told of it:
 * {@link #listenBehindLoadBalancer}, and {@link #to(String, int, EgressProxies, LoadBalancer)}.
 * Then hub and agent speak TLS with each other within the pipe. Its idle timeout is fed by the
 * tunnel's own liveness; a limit on the length of a call breaks the pipe, and the agent dials
 * again. A connection's maximal age with grace, here or there, lets the pipe live until the grace
 * ends.
 *
 * <p><b>Abort.</b> An abort by the hub travels behind bytes it wrote before, so an agent that reads
 * nothing learns of it when it reads again; the hub's own side is closed at once.
 */
public final class GrpcTransport {

  private static final String ALL_ADDRESSES = "0.0.0.0";

  private GrpcTransport() {}

  /**
   * A hub's end that listens on all addresses of the machine.
   *
   * @param port 1-65535, or 0 for any free port
   * @return a transport that was not started
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static HubTransport listen(int port) {
    return listen(ALL_ADDRESSES, port);
  }

  /**
   * A hub's end that listens on one address. Takes grpc-netty-shaded; with another Netty it is
   * {@link #on}.
   *
   * @param host the address or name of one of the machine's interfaces, such as {@code 127.0.0.1}
   * @param port 1-65535, or 0 for any free port
   * @return a transport that was not started
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static HubTransport listen(String host, int port) {
    return listen(host, port, false);
  }

  /**
   * A hub's end behind a load balancer that ends the agents' TLS, and connects here with TLS of its
   * own. Agents show their certificates within their pipes, and enrol there; they have to be told.
   *
   * @param host the address or name of one of the machine's interfaces, such as {@code 0.0.0.0}
   * @param port 1-65535, or 0 for any free port
   * @return a transport that was not started
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static HubTransport listenBehindLoadBalancer(String host, int port) {
    return listen(host, port, true);
  }

  private static HubTransport listen(String host, int port, boolean behindLoadBalancer) {
    return new GrpcHubTransport(
        HostPort.of(host, port), behindLoadBalancer, () -> serving(host, port));
  }

  private static Serving serving(String host, int port) {
    boolean everywhere = host.equals(ALL_ADDRESSES);
    InetSocketAddress address =
        everywhere ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new TransportException(
          "cannot listen at "
              + HostPort.of(host, port)
              + ": unknown host (expected: a name or address of this machine)");
    }
    try {
      return new ShadedServing(address);
    } catch (NoClassDefFoundError absent) {
      if (!everywhere) {
        throw new TransportException(
            "cannot listen on "
                + host
                + " alone without grpc-netty-shaded (expected: that, or a builder of your own)",
            absent);
      }
      return (credentials, unseen, unpaced) -> Grpc.newServerBuilderForPort(port, credentials);
    }
  }

  /**
   * A hub's end whose server an embedder builds: to set what only a gRPC implementation can, such
   * as its flow control window, its event loops, a connection's age or how many calls one
   * connection may have.
   *
   * @param address what it will listen on, for messages
   * @param builders called once, at start, with the hub's TLS credentials, which the builder has to
   *     use; afterwards this transport sets service, executor, message size, idle time and
   *     keepalive
   * @return a transport that was not started
   */
  public static HubTransport on(
      String address, Function<ServerCredentials, ServerBuilder<?>> builders) {
    return on(address, false, builders);
  }

  /**
   * As {@link #on}, behind a load balancer as with {@link #listenBehindLoadBalancer}.
   *
   * @param address what it will listen on, for messages
   * @param builders as with {@link #on}
   * @return a transport that was not started
   */
  public static HubTransport onBehindLoadBalancer(
      String address, Function<ServerCredentials, ServerBuilder<?>> builders) {
    return on(address, true, builders);
  }

  private static HubTransport on(
      String address,
      boolean behindLoadBalancer,
      Function<ServerCredentials, ServerBuilder<?>> builders) {
    Objects.requireNonNull(builders, "builders");
    return new GrpcHubTransport(
        Objects.requireNonNull(address, "address"),
        behindLoadBalancer,
        () -> (credentials, unseen, unpaced) -> builders.apply(credentials));
  }

  /**
   * An agent's end. It goes through the HTTP proxy that the process's environment names, if there
   * is one; see {@link EgressProxies}.
   *
   * @param host the hub's name, which its certificate must have, or its address
   * @param port 1-65535
   * @return a transport that dials there
   * @throws IllegalArgumentException if {@code port} is out of range
   * @throws dev.fairlead.api.InvalidException if the environment names no usable proxy
   */
  public static AgentTransport to(String host, int port) {
    return to(host, port, EgressProxies.environment());
  }

  /**
   * An agent's end that goes through the HTTP proxies it is told, whatever the environment says.
   *
   * @param host the hub's name, which its certificate must have, or its address
   * @param port 1-65535
   * @param proxies which proxy to go through, if any
   * @return a transport that dials there
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static AgentTransport to(String host, int port, EgressProxies proxies) {
    String hub = HostPort.of(host, port);
    ProxyDetector detector = new Proxies(host, port, proxies);
    return new GrpcAgentTransport(
        hub,
        credentials ->
            Grpc.newChannelBuilderForAddress(host, port, credentials).proxyDetector(detector));
  }

  /**
   * An agent's end to a hub behind a load balancer that ends TLS.
   *
   * @param host the load balancer's name; the hub's own certificate has to have it, too
   * @param port 1-65535
   * @param proxies which proxy to go through, if any
   * @param balancer by whom the load balancer's certificate is issued
   * @return a transport that dials there
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static AgentTransport to(
      String host, int port, EgressProxies proxies, LoadBalancer balancer) {
    return new InnerAgentTransport(to(host, port, proxies), balancer, host, port);
  }

  /**
   * An agent's end whose channels an embedder builds: to resolve names in another way, to override
   * the authority, or to set what only a gRPC implementation can.
   *
   * @param hub where the channels lead, for messages
   * @param builders called for each connection, with the agent's TLS credentials, which the builder
   *     has to use; afterwards this transport sets executor, message size and keepalive, and
   *     disables retries
   * @return a transport that dials through such channels
   */
  public static AgentTransport through(
      String hub, Function<ChannelCredentials, ManagedChannelBuilder<?>> builders) {
    return new GrpcAgentTransport(
        Objects.requireNonNull(hub, "hub"), Objects.requireNonNull(builders, "builders"));
  }
}
