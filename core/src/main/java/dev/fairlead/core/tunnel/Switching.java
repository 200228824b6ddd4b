package dev.fairlead.core.tunnel;

import dev.fairlead.core.http.Heads;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * How the outcome of an upgrade crosses the tunnel: HTTP/2 has no 101, so the agent answers 200 and
 * names the protocol the API server switched to in a pseudo-header field of our own.
 */
public final class Switching {

  private static final AsciiString SWITCHED = AsciiString.cached(":fairlead-switched");
  private static final AsciiString UPGRADE = AsciiString.cached("upgrade");

  private Switching() {}

  /**
   * At the agent: carries an API server's 101.
   *
   * @param response the head of the API server's response, changed in place
   * @param protocol what it switched to
   * @return the same head
   */
  public static Http2Headers encode(Http2Headers response, CharSequence protocol) {
    return response.status("200").set(SWITCHED, protocol);
  }

  /**
   * At the hub: turns it into a 101 again.
   *
   * @param response the head of the agent's response, changed in place
   * @return the same head
   */
  static Http2Headers decode(Http2Headers response) {
    CharSequence protocol = response.getAndRemove(SWITCHED);
    if (protocol != null) {
      response.status("101").set(UPGRADE, protocol).set(Heads.PROTOCOL, protocol);
    }
    return response;
  }
}
