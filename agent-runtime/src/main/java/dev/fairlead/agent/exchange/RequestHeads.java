package dev.fairlead.agent.exchange;

import dev.fairlead.api.Identity;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the head of a request for the API server out of an exchange's, in the one right order. */
final class RequestHeads {

  private static final AsciiString AUDIT_ID = AsciiString.cached("audit-id");
  private static final AsciiString USER = AsciiString.cached("impersonate-user");
  private static final AsciiString UID = AsciiString.cached("impersonate-uid");
  private static final AsciiString GROUP = AsciiString.cached("impersonate-group");
  private static final String EXTRA = "impersonate-extra-";
  private static final AsciiString SUBPROTOCOLS = AsciiString.cached("sec-websocket-protocol");
  private static final String BEARER_SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";
  private static final Set<String> NEVER_FROM_USERS =
      Set.of("authorization", "cookie", "forwarded", "audit-id", "expect", "host");
  private static final List<String> NEVER_FROM_USERS_PREFIXES =
      List.of("impersonate-", "x-remote-", "x-forwarded-");
  private static final String HEX = "0123456789abcdef";

  private RequestHeads() {}

  /**
   * Removes the fields of the connection first, as they may name any other field for removal; then
   * what a user must not say; and sets the identity last. The same for plain requests and upgrades.
   */
  static Http2Headers prepare(ExchangeHead exchange) {
    Http2Headers head = exchange.head();
    Heads.removeHopByHop(head);
    removeForbidden(head);
    removeBearerSubprotocols(head);
    Identity identity = exchange.identity();
    head.set(USER, octets(identity.username()));
    String uid = identity.uid();
    if (uid != null) {
      head.set(UID, octets(uid));
    }
    identity.groups().forEach(group -> head.add(GROUP, octets(group)));
    identity
        .extra()
        .forEach(
            (key, values) -> {
              AsciiString name = AsciiString.of(EXTRA + escape(key));
              values.forEach(value -> head.add(name, octets(value)));
            });
    return head.set(AUDIT_ID, exchange.auditId());
  }

  private static void removeForbidden(Http2Headers head) {
    List<CharSequence> forbidden = new ArrayList<>();
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      String name = field.getKey().toString().toLowerCase(Locale.ROOT).replace('_', '-');
      if (NEVER_FROM_USERS.contains(name)
          || NEVER_FROM_USERS_PREFIXES.stream().anyMatch(name::startsWith)) {
        forbidden.add(field.getKey());
      }
    }
    forbidden.forEach(head::remove);
  }

  /** A browser's way to send a token: one of the protocols it offers. */
  private static void removeBearerSubprotocols(Http2Headers head) {
    List<CharSequence> offered = head.getAllAndRemove(SUBPROTOCOLS);
    for (CharSequence value : offered) {
      String kept =
          Stream.of(value.toString().split(",", -1))
              .map(String::strip)
              .filter(name -> !name.toLowerCase(Locale.ROOT).startsWith(BEARER_SUBPROTOCOL))
              .collect(Collectors.joining(", "));
      if (!kept.isEmpty()) {
        head.add(SUBPROTOCOLS, kept);
      }
    }
  }

  private static AsciiString octets(String value) {
    return new AsciiString(value.getBytes(StandardCharsets.UTF_8), false);
  }

  /** Percent-encodes what cannot stand in a field's name, as Kubernetes decodes extra keys. */
  private static String escape(String key) {
    StringBuilder out = new StringBuilder(key.length());
    for (byte b : key.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)) {
      if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || "!#$&'*+-.^_`|~".indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }
}
