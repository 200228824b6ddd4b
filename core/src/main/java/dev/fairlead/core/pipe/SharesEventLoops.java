package dev.fairlead.core.pipe;

import io.netty.channel.EventLoopGroup;

/**
 * An end of a transport that can run on the event loops of its hub or agent. Then the bytes of a
 * tunnel change no thread between the transport and the engine. One that nobody lends loops has its
 * own.
 */
public interface SharesEventLoops {

  /**
   * Lends event loops. Called by the hub or the agent, once, before it uses the transport.
   *
   * @param loops for NIO or for epoll, see {@link Sockets#of}; they outlive the transport, which
   *     does not stop them
   */
  void runOn(EventLoopGroup loops);
}
