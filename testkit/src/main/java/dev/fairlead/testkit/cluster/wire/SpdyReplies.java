package dev.fairlead.testkit.cluster.wire;

import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;

/** How a stream that a client opens is accepted. */
final class SpdyReplies {
  static final String STREAM_TYPE = "streamtype";

  private SpdyReplies() {}

  /**
   * The reply repeats the type: Netty leaves an empty header block out, which Go's codec does not
   * accept.
   */
  static SpdySynReplyFrame accept(int stream, String type) {
    DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream);
    reply.headers().set(STREAM_TYPE, type);
    return reply;
  }
}
