package dev.fairlead.core.http;

import io.netty.handler.codec.http2.Http2Headers;

/**
 * Takes the requests that come in on a connection. Called on the connection's event loop; must not
 * block.
 */
@FunctionalInterface
public interface Acceptor {

  /**
   * Takes one request.
   *
   * @param stream delivers what follows the head once somebody listens, and takes the response
   * @param head the request's head, the acceptor's own
   * @param end whether nothing follows
   */
  void accept(HttpStream stream, Http2Headers head, boolean end);
}
