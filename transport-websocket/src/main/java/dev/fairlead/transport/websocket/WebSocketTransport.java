package dev.fairlead.transport.websocket;

import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.door.DoorTransport;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.inner.InnerAgentTransport;
import dev.fairlead.core.inner.LoadBalancer;

/**
 * The transport over WebSocket (RFC 6455): the hub listens with TLS and asks for client
 * certificates, each pipe of an agent is one WebSocket on a connection of its own.
 *
 * <p><b>Bounds.</b> A direction of a pipe holds at most 256 KiB and one write at its writer, what
 * TCP lets be on its way, and about 256 KiB at its reader. No message is compressed. At most 64
 * enrolments are under way or wait; a further one is refused with a {@link
 * dev.fairlead.api.LimitException}.
 *
 * <p><b>Proxies.</b> An agent can go through an HTTP proxy by CONNECT, with Basic authentication if
 * the proxy wants it; the proxy looks up the hub's name, and sees nothing but TLS.
 *
 * <p><b>Load balancers.</b> One that ends TLS takes the agent's certificate away. If both ends are
 * told of it, {@link #listenBehindLoadBalancer} and {@link #to(String, int, EgressProxies,
 * LoadBalancer)}, hub and agent speak TLS with each other within the pipe.
 *
 * <p><b>Liveness.</b> A side that has sent nothing for 25 s sends a Ping, so that the usual idle
 * timeout of 60 s at a load balancer never passes; the tunnel's own liveness, which travels inside
 * the pipe, finds a dead peer.
 */
public final class WebSocketTransport {

  private WebSocketTransport() {}

  /**
   * A hub's end that listens on all addresses of the machine.
   *
   * @param port 1-65535, or 0 for any free port
   * @return a transport that was not started
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static HubTransport listen(int port) {
    return listen("0.0.0.0", port);
  }

  /**
   * A hub's end that listens on one address.
   *
   * @param host the address or name of one of the machine's interfaces, such as {@code 127.0.0.1}
   * @param port 1-65535, or 0 for any free port
   * @return a transport that was not started
   * @throws IllegalArgumentException if {@code port} is out of range
   */
  public static HubTransport listen(String host, int port) {
    return new WebSocketHubTransport(new HostPort(host, port), false, null);
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
    return new WebSocketHubTransport(new HostPort(host, port), true, null);
  }

  /**
   * A hub's end without a port of its own: the front door is given it, and agents dial that, one
   * port for users and agents. They are told apart by their paths, on HTTP/1.1. As the front door's
   * certificate is its own, an agent is told of it as of a load balancer's: {@link #to(String, int,
   * EgressProxies, LoadBalancer)}.
   *
   * @return a transport that was not started
   */
  public static DoorTransport onFrontDoor() {
    return new FrontDoorTransport();
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
    return new WebSocketAgentTransport(new Connector(new HostPort(host, port), proxies), null);
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
}
