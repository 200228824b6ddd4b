package dev.fairlead.core.exchange;

import dev.fairlead.core.http.Heads;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a user's head goes on to the cluster: everything but what concerns identity, this
 * connection, or only the hub.
 */
final class ForwardedFields {

  private static final Set<String> OURS =
      Set.of("authorization", "cookie", "audit-id", "forwarded", "expect", "x-real-ip");
  private static final List<String> OUR_PREFIXES =
      List.of("x-remote-", "x-forwarded-", "impersonate-");
  private static final String BEARER_PROTOCOL = "base64url.bearer.authorization.k8s.io.";
  private static final String WEBSOCKET_PROTOCOL = "sec-websocket-protocol";

  private ForwardedFields() {}

  /**
   * Leaves in a head what goes on to the cluster.
   *
   * @param head the user's head, changed in place
   */
  static void keepForCluster(Http2Headers head) {
    Heads.removeHopByHop(head);
    List<CharSequence> dropped = new ArrayList<>();
    for (CharSequence name : head.names()) {
      String spelt = name.toString().replace('_', '-');
      if (OURS.contains(spelt) || OUR_PREFIXES.stream().anyMatch(spelt::startsWith)) {
        dropped.add(name);
      }
    }
    dropped.forEach(head::remove);
    dropBearerProtocol(head);
  }

  private static void dropBearerProtocol(Http2Headers head) {
    List<CharSequence> values = head.getAllAndRemove(WEBSOCKET_PROTOCOL);
    for (CharSequence value : values) {
      List<String> kept = new ArrayList<>();
      for (String protocol : value.toString().split(",", -1)) {
        if (!protocol.strip().startsWith(BEARER_PROTOCOL)) {
          kept.add(protocol.strip());
        }
      }
      if (!kept.isEmpty()) {
        head.add(WEBSOCKET_PROTOCOL, String.join(", ", kept));
      }
    }
  }

  /**
   * The protocol an upgrade asks for.
   *
   * @param head the user's head
   * @return the protocol, or null if the request is no upgrade
   */
  static @Nullable String upgrade(Http2Headers head) {
    return Heads.get(head, Heads.PROTOCOL);
  }
}
