package dev.fairlead.gateway;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts connections by where they come from, so that no one address takes all that there are. An
 * address of IPv6 counts as its network of 64 bits, all of which one machine may use. Safe for use
 * by any thread.
 */
final class Sources {

  private static final Logger log = LoggerFactory.getLogger(Sources.class);
  private static final int NETWORK_BYTES = 8;

  private static final class Count {
    private int open;
    private boolean told;
  }

  private final int most;
  private final Map<String, Count> counts = new HashMap<>();

  Sources(int most) {
    this.most = most;
  }

  /** Counts a connection until it is closed, unless its address has too many. */
  boolean admit(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)
        || remote.getAddress() == null) {
      return true;
    }
    String source = sourceOf(remote.getAddress());
    if (!take(source)) {
      return false;
    }
    channel.closeFuture().addListener(closed -> giveBack(source));
    return true;
  }

  static String sourceOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? address.getHostAddress()
        : HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
  }

  private synchronized boolean take(String source) {
    Count count = counts.computeIfAbsent(source, unused -> new Count());
    if (count.open < most) {
      count.open++;
      return true;
    }
    if (!count.told) {
      count.told = true;
      log.warn(
          "gateway: {} has {} connections open, further ones are closed (expected: fewer; a load"
              + " balancer needs connectionsPerAddress to be larger)",
          source,
          most);
    }
    return false;
  }

  private synchronized void giveBack(String source) {
    Count count = counts.get(source);
    if (count != null && --count.open == 0) {
      counts.remove(source);
    }
  }
}
