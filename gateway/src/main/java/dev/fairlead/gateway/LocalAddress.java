package dev.fairlead.gateway;

import static dev.fairlead.core.request.RefusedRequestException.badRequest;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A loopback address that stands for one cluster: whatever is asked for there is for that cluster,
 * with paths as its API server has them. A request that names another host was led here by somebody
 * else's DNS (rebinding), and is refused.
 *
 * @param cluster the cluster
 * @param address where it is reached
 */
record LocalAddress(ClusterName cluster, InetSocketAddress address) implements Addressing {

  private static final String LOCALHOST = "localhost";
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * Reads an address. Names are not looked up, as what they lead to may change.
   *
   * @param host an address in its usual form, without brackets
   * @param mistakes gets what is wrong
   * @return the address, or nothing if something is wrong
   */
  static Optional<LocalAddress> of(
      ClusterName cluster, String host, int port, List<String> mistakes) {
    InetAddress found = literal(host);
    if (found == null || !found.isLoopbackAddress()) {
      mistakes.add(
          "local: "
              + host
              + " for cluster "
              + cluster
              + " (expected: an address that only this machine reaches, 127.0.0.1 to"
              + " 127.255.255.254, or ::1)");
      return Optional.empty();
    }
    if (port < 0 || port > 65_535) {
      mistakes.add("local: port " + port + " for cluster " + cluster + " (expected: 0-65535)");
      return Optional.empty();
    }
    return Optional.of(new LocalAddress(cluster, new InetSocketAddress(found, port)));
  }

  private static @Nullable InetAddress literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + bytes.length + " bytes", e);
    }
  }

  /** The same address cannot stand for two clusters, nor a cluster have two. */
  boolean clashesWith(LocalAddress other) {
    return cluster.equals(other.cluster) || address.getPort() != 0 && address.equals(other.address);
  }

  /** For whom its certificate has to be. */
  List<String> names() {
    return List.of(NetUtil.toAddressString(address.getAddress()), LOCALHOST);
  }

  /** The address as it stands in a URL. */
  String shown() {
    return NetUtil.toSocketAddressString(address);
  }

  @Override
  public Optional<ClusterRequest> resolve(@Nullable String host, RequestTarget target) {
    String own = NetUtil.toAddressString(address.getAddress());
    String expected = own.contains(":") ? '[' + own + ']' : own;
    String bare = host == null ? "" : withoutPort(host);
    if (!bare.equals(expected) && !bare.equalsIgnoreCase(LOCALHOST)) {
      throw badRequest(
          "host: another than this address (expected: " + expected + " or " + LOCALHOST + ")");
    }
    return Optional.of(new ClusterRequest(cluster, target));
  }

  /** The host alone; nothing if the port is none. */
  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    if (colon < 0 || host.endsWith("]")) {
      return host;
    }
    return PORT.matcher(host.substring(colon + 1)).matches() ? host.substring(0, colon) : "";
  }
}
