package dev.fairlead.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream of an {@link Http2Link}. State is touched on the event loop only. */
final class Http2LinkStream implements HttpStream {

  private static final Logger log = LoggerFactory.getLogger(Http2LinkStream.class);

  private final Http2Link link;
  private final int id;
  private final InboundQueue inbound = new InboundQueue();
  private final StreamWindows.Share share = new StreamWindows.Share();
  private boolean headReceived;
  private boolean upgrade;
  private boolean raw;
  private boolean inEnded;
  private boolean outEnded;
  private boolean over;
  private int unsent;
  boolean written;
  boolean stalled;

  Http2LinkStream(Http2Link link, int id) {
    this.link = link;
    this.id = id;
  }

  @Override
  public EventExecutor executor() {
    return link.executor();
  }

  @Override
  public void listen(Listener listener) {
    link.runInLoop(() -> inbound.listen(listener));
  }

  @Override
  public void sendHead(Http2Headers head, boolean end) {
    link.runInLoop(
        () -> {
          if (over) {
            return;
          }
          outEnded = end;
          raw = upgrade && "200".contentEquals(head.status());
          ChannelHandlerContext ctx = link.context();
          ChannelPromise written = ctx.newPromise();
          written.addListener(
              future -> {
                if (!future.isSuccess()) {
                  fail(future.cause());
                }
              });
          if (end) {
            discardRestOfRequestAfter(written);
          }
          link.encoder().writeHeaders(ctx, id, head, 0, end, written);
          Http2Stream codec = codec();
          if (codec != null) {
            codec.setProperty(link.streamKey, this);
          }
          if (!bodyFollows(head, end)) {
            link.flushSoon();
          }
        });
  }

  /**
   * Whether the rest of a response is sure to come soon, its length being known: then the head
   * waits for it, as each flush wakes every thread from here to the user.
   */
  private boolean bodyFollows(Http2Headers head, boolean end) {
    return !end
        && link.connection().isServer()
        && head.contains(HttpHeaderNames.CONTENT_LENGTH)
        && !head.contains(HttpHeaderNames.CONTENT_LENGTH, "0");
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    link.runInLoop(
        () -> {
          int bytes = data.readableBytes();
          if (over || outEnded) {
            data.release();
            inbound.sent(bytes);
            return;
          }
          outEnded = end;
          ChannelHandlerContext ctx = link.context();
          ChannelPromise written = ctx.newPromise();
          if (bytes > 0) {
            unsent += bytes;
            link.windows().willSend(bytes);
            link.stalls().wrote(this);
            written.addListener(future -> sent(bytes, future.isSuccess()));
          }
          if (end) {
            discardRestOfRequestAfter(written);
          }
          link.encoder().writeData(ctx, id, data, 0, end, written);
          link.flushSoon();
        });
  }

  private void sent(int bytes, boolean left) {
    unsent -= bytes;
    link.windows().sent(bytes, left);
    if (stalled) {
      link.stalls().wrote(this);
      link.flushSoon();
    }
    inbound.sent(bytes);
  }

  /** How many bytes wait to be sent. */
  int unsent() {
    return unsent;
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    link.runInLoop(
        () -> {
          if (!over && !outEnded) {
            outEnded = true;
            ChannelHandlerContext ctx = link.context();
            ChannelPromise written = ctx.newPromise();
            discardRestOfRequestAfter(written);
            link.encoder().writeHeaders(ctx, id, trailers, 0, true, written);
            link.flushSoon();
          }
        });
  }

  @Override
  public void consume(int bytes) {
    link.runInLoop(
        () -> {
          Http2Stream codec = codec();
          if (codec != null && bytes > 0) {
            link.windows().consumed(this, codec, bytes);
          }
        });
  }

  @Override
  public void reset(Reset reason) {
    link.runInLoop(
        () -> {
          if (!inEnded || !outEnded) {
            resetNow(reason);
          }
        });
  }

  private void resetNow(Reset reason) {
    if (over) {
      return;
    }
    over = true;
    inbound.silence();
    ChannelHandlerContext ctx = link.context();
    if (codec() != null) {
      link.resetStream(ctx, id, reason.code(), ctx.newPromise());
      link.flushSoon();
      if (link.opensStreams()) {
        link.tookBack();
      }
    }
  }

  /**
   * A server whose response is out has no use for the rest of the request (RFC 9113 section 8.1);
   * but the two directions of raw bytes end each by itself.
   */
  private void discardRestOfRequestAfter(ChannelPromise responseWritten) {
    if (link.connection().isServer() && !inEnded && !raw) {
      responseWritten.addListener(
          future -> {
            if (!inEnded) {
              resetNow(Reset.NO_ERROR);
            }
          });
    }
  }

  StreamWindows.Share share() {
    return share;
  }

  /** The stream as the codec knows it; null if it is closed, or not open yet. */
  @Nullable Http2Stream codec() {
    return link.connection().stream(id);
  }

  int id() {
    return id;
  }

  boolean awaitsHead() {
    return !headReceived;
  }

  /** The head of a request, which goes to the acceptor and not to the listener. */
  void acceptedHead(Http2Headers head, boolean end) {
    headReceived = true;
    upgrade = head.contains(Heads.PROTOCOL);
    inEnded = end;
  }

  void receivedHead(Http2Headers head, boolean end) {
    headReceived = true;
    inEnded = end;
    inbound.head(head, end);
  }

  void receivedData(ByteBuf data, boolean end) {
    inEnded = end;
    inbound.data(data, end);
  }

  void receivedTrailers(Http2Headers trailers) {
    inEnded = true;
    inbound.trailers(trailers);
  }

  void receivedReset(Reset reason) {
    if (!over) {
      over = true;
      inbound.reset(reason);
    }
  }

  /** The codec closed the stream: in order, or because the connection is gone. */
  void closed() {
    link.windows().closed(this);
    link.stalls().closed(this);
    if (!over) {
      over = true;
      if (!inEnded || !outEnded) {
        inbound.reset(Reset.CONNECTION_LOST);
      }
    }
  }

  private void fail(Throwable cause) {
    if (!over) {
      log.debug("stream {}: head was not sent: {}", id, cause.toString());
      over = true;
      inbound.reset(Reset.INTERNAL);
    }
  }
}
