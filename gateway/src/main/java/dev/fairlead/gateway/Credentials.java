package dev.fairlead.gateway;

import dev.fairlead.api.auth.BearerToken;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a request brings along to prove who asks. */
sealed interface Credentials {

  /**
   * A bearer token (RFC 6750), or the same as a WebSocket subprotocol, as browsers send it to
   * Kubernetes.
   */
  record Bearer(BearerToken token) implements Credentials {}

  /** None at all. */
  record None() implements Credentials {}

  /** Something that is not taken here; what else the client may have does not make up for it. */
  record Unusable() implements Credentials {}

  /** Something of which two servers could make different things. */
  record Malformed(String reason) implements Credentials {}

  /** The most characters of a token. */
  int LONGEST = 16 * 1024;

  /** Kubernetes' prefix of a subprotocol that carries a token in base64url without padding. */
  String SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";

  /** Finds the credentials in a request's head. */
  static Credentials of(Http2Headers head) {
    List<CharSequence> headers = head.getAll("authorization");
    if (headers.size() > 1) {
      return new Malformed("authorization: " + headers.size() + " fields (expected: at most 1)");
    }
    List<String> found = new ArrayList<>();
    if (headers.size() == 1) {
      String value = headers.get(0).toString();
      int space = value.indexOf(' ');
      if (space < 0 || !value.substring(0, space).equalsIgnoreCase("Bearer")) {
        return new Unusable();
      }
      found.add(value.substring(space + 1).strip());
    }
    for (CharSequence value : head.getAll("sec-websocket-protocol")) {
      for (String protocol : value.toString().split(",", -1)) {
        String trimmed = protocol.strip();
        if (trimmed.startsWith(SUBPROTOCOL)) {
          found.add(decode(trimmed.substring(SUBPROTOCOL.length())));
        }
      }
    }
    if (found.size() > 1) {
      return new Malformed("credentials: " + found.size() + " tokens (expected: at most 1)");
    }
    if (found.isEmpty()) {
      return new None();
    }
    if (found.get(0).isEmpty() || found.get(0).length() > LONGEST) {
      return new Unusable();
    }
    return new Bearer(BearerToken.of(found.get(0)));
  }

  private static String decode(String base64url) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
