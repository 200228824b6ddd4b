package dev.fairlead.core.door;

import dev.fairlead.core.http.HttpStream;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;

/** Serves the paths on an HTTP/1.1 door that are the agents'. */
public interface AgentPaths {

  /** What all agents' paths begin with. */
  String PREFIX = "/fairlead/v1/";

  /**
   * Whether a request is the agents'.
   *
   * @param target the request's target, not decoded
   * @return true if it is below {@link #PREFIX}
   */
  static boolean own(CharSequence target) {
    return target.length() >= PREFIX.length()
        && PREFIX.contentEquals(target.subSequence(0, PREFIX.length()));
  }

  /**
   * Serves a request below {@link #PREFIX}. On the channel's event loop; does not block.
   *
   * @param stream a stream nobody listens to yet
   * @param head the request's head; {@code :protocol} tells what an upgrade asks for
   * @param end whether the request ends with its head
   * @param channel the connection, which may be handed over; its TLS handler tells who the agent
   *     is, if the door asked for a client certificate
   */
  void serve(HttpStream stream, Http2Headers head, boolean end, Channel channel);
}
