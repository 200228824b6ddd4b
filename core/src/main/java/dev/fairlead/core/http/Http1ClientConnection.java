package dev.fairlead.core.http;

import dev.fairlead.api.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of an HTTP/1.1 connection (RFC 9112) as a channel handler: one exchange at a
 * time, kept alive between them, and raw bytes after an upgrade that the server accepted. It brings
 * its codec along; TLS, if any, comes before it in the pipeline.
 *
 * <p>Whatever cannot be taken for a whole response ends as a reset: a connection that is closed too
 * early, a 101 that was not asked for, an upgrade that is answered by less than 400.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter {

  /** What a connection tells its owner, on its event loop. */
  public interface Listener {

    /** An exchange is over in order and the connection can take the next one. */
    void onIdle();

    /** The connection is gone. Exactly once, the last call. */
    void onClosed();
  }

  private static final Logger log = LoggerFactory.getLogger(Http1ClientConnection.class);

  private final int window;
  private final LinkMetrics metrics;
  private final Listener listener;
  private final Http1ResponseDecoder decoder = new Http1ResponseDecoder();
  private final HttpRequestEncoder encoder = new HttpRequestEncoder();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Http1ClientStream current;
  private boolean closing;

  /**
   * A connection for one channel.
   *
   * @param window how many received bytes may be waiting to be given back, in bytes, beyond what
   *     one read delivers
   * @param metrics what counts
   * @param listener gets the connection's events
   */
  public Http1ClientConnection(int window, LinkMetrics metrics, Listener listener) {
    this.window = window;
    this.metrics = metrics;
    this.listener = listener;
  }

  /**
   * Begins an exchange. On the event loop.
   *
   * @param head the request's head, with {@code :method}, {@code :path}, {@code :authority} and,
   *     for an upgrade, {@code :protocol}; fields that concern one connection only are not sent
   * @param end whether the request ends with it; for an upgrade, whether raw bytes follow
   * @param streamListener gets the response; for an accepted upgrade its {@code :status} is 101 and
   *     its {@code :protocol} what the server switched to
   * @return the stream
   * @throws TransportException if the connection is not idle
   * @throws IllegalArgumentException if the head cannot be sent as HTTP/1.1
   */
  public HttpStream open(Http2Headers head, boolean end, HttpStream.Listener streamListener) {
    if (!isIdle()) {
      throw new TransportException("connection: busy or closed (expected: idle)");
    }
    Http1ClientRequest request = Http1ClientRequest.of(head, end);
    Http1ClientStream stream = new Http1ClientStream(this, request, window, metrics);
    stream.listen(streamListener);
    decoder.begin(request.isHead());
    current = stream;
    metrics.streamOpened(window);
    stream.begin(end);
    return stream;
  }

  /**
   * Whether an exchange can begin. On the event loop.
   *
   * @return true between two exchanges
   */
  public boolean isIdle() {
    return ctx != null && current == null && !closing && context().channel().isActive();
  }

  /** Closes the connection; an exchange under way is reset. Any thread, more than once. */
  public void close() {
    runInLoop(this::closeNow);
  }

  // Below: package-private for the stream; on the event loop.

  ChannelHandlerContext context() {
    ChannelHandlerContext present = ctx;
    if (present == null) {
      throw new IllegalStateException(
          "connection: not in a pipeline (expected: add it to a channel first)");
    }
    return present;
  }

  EventExecutor executor() {
    return context().executor();
  }

  void runInLoop(Runnable task) {
    EventExecutor loop = executor();
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  void closeNow() {
    closing = true;
    context().close();
  }

  /** Closes so that the peer cannot take it for an end in order: no close_notify, no FIN. */
  void abort() {
    closing = true;
    Channel channel = context().channel();
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ChannelHandlerContext tls = context().pipeline().context(SslHandler.class);
    if (tls == null) {
      context().close();
    } else {
      tls.close();
    }
  }

  void idle() {
    current = null;
    metrics.streamClosed(window);
    pauseReading(false);
    listener.onIdle();
  }

  void pauseReading(boolean pause) {
    context().channel().config().setAutoRead(!pause);
  }

  /** From now on there are only raw bytes; what was read past the head is delivered. */
  void switchToRaw() {
    context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    context().pipeline().remove(encoder);
    context().pipeline().remove(decoder);
  }

  /** Ends this side's direction; the peer's goes on. */
  void endOutput() {
    SslHandler tls = context().pipeline().get(SslHandler.class);
    if (tls == null) {
      shutdownOutput();
    } else {
      ChannelPromise notified = context().newPromise();
      notified.addListener(future -> shutdownOutput());
      tls.closeOutbound(notified);
    }
  }

  private void shutdownOutput() {
    if (context().channel() instanceof DuplexChannel socket && socket.isActive()) {
      socket.shutdownOutput();
    }
  }

  /** Whether the peer said that it is done; without TLS an end is all there is. */
  boolean endedInOrder() {
    SslHandler tls = context().pipeline().get(SslHandler.class);
    return tls == null || tls.sslCloseFuture().isSuccess();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    metrics.linkOpened();
    context.pipeline().addBefore(context.name(), null, decoder);
    context.pipeline().addBefore(context.name(), null, encoder);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Http1ClientStream stream = current;
    if (stream == null) {
      ReferenceCountUtil.release(message);
      closeNow();
    } else if (message instanceof HttpResponse response) {
      stream.receivedHead(response);
    } else if (message instanceof HttpContent content) {
      stream.receivedContent(content);
    } else if (message instanceof ByteBuf raw) {
      stream.receivedRaw(raw);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    boolean closeNotify = event instanceof SslCloseCompletionEvent tls && tls.isSuccess();
    if (closeNotify || event instanceof ChannelInputShutdownEvent) {
      Http1ClientStream stream = current;
      if (stream != null && stream.isRaw()) {
        stream.receivedEnd(endedInOrder());
      } else {
        closeNow();
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    closing = true;
    Http1ClientStream stream = current;
    current = null;
    metrics.linkClosed();
    if (stream != null) {
      metrics.streamClosed(window);
      stream.connectionClosed();
    }
    super.channelInactive(context);
    listener.onClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("connection failed: {}", cause.toString());
    closeNow();
  }
}
