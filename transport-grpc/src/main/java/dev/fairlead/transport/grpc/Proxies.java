package dev.fairlead.transport.grpc;

import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The agent's proxies, as gRPC asks for them: at first with the name of the hub not looked up. */
final class Proxies implements ProxyDetector {

  private final String host;
  private final int port;
  private final EgressProxies proxies;

  Proxies(String host, int port, EgressProxies proxies) {
    this.host = host;
    this.port = port;
    this.proxies = proxies;
  }

  @Override
  public @Nullable ProxiedSocketAddress proxyFor(SocketAddress target) throws IOException {
    EgressProxy proxy = proxies.towards(host, port).orElse(null);
    if (proxy == null) {
      return null;
    }
    InetSocketAddress address = new InetSocketAddress(proxy.host(), proxy.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("proxy " + proxy + " (is the name right?)");
    }
    HttpConnectProxiedSocketAddress.Builder builder =
        HttpConnectProxiedSocketAddress.newBuilder()
            .setProxyAddress(address)
            .setTargetAddress(InetSocketAddress.createUnresolved(host, port));
    proxy.user().ifPresent(user -> builder.setUsername(user).setPassword(proxy.revealPassword()));
    return builder.build();
  }
}
