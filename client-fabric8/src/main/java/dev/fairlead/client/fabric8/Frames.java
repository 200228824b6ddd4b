package dev.fairlead.client.fabric8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a WebSocket's client (RFC 6455) upon raw bytes; fragments are put together. For one
 * thread at a time.
 */
final class Frames {

  /** Above what any API server sends in one message, such as an event with its object. */
  private static final int LARGEST_MESSAGE = 32 << 20;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new WebSocket13FrameDecoder(
              WebSocketDecoderConfig.newBuilder()
                  .expectMaskedFrames(false)
                  .allowExtensions(false)
                  .closeOnProtocolViolation(false)
                  .maxFramePayloadLength(LARGEST_MESSAGE)
                  .build()),
          new WebSocket13FrameEncoder(true));
  private @Nullable ByteBuf fragments;
  private boolean fragmentsAreText;

  /**
   * Reads frames.
   *
   * @param data bytes as they arrived, which are released
   * @param to gets whole messages and control frames, in order, and releases them
   * @throws ProtocolException if the server did not keep to the protocol, or sent too much at once
   */
  void read(ByteBuf data, Consumer<WebSocketFrame> to) throws ProtocolException {
    try {
      channel.writeInbound(data);
    } catch (CodecException e) {
      throw violated(String.valueOf(e.getMessage()));
    }
    for (WebSocketFrame frame; (frame = channel.readInbound()) != null; ) {
      boolean fragment = frame instanceof ContinuationWebSocketFrame || !frame.isFinalFragment();
      if (fragment) {
        WebSocketFrame whole = joined(frame);
        if (whole != null) {
          to.accept(whole);
        }
      } else {
        to.accept(frame);
      }
    }
  }

  private @Nullable WebSocketFrame joined(WebSocketFrame frame) throws ProtocolException {
    ByteBuf before = fragments;
    if (before == null) {
      fragmentsAreText = frame instanceof TextWebSocketFrame;
      before = channel.alloc().compositeBuffer(Integer.MAX_VALUE);
      fragments = before;
    }
    if (before.readableBytes() + (long) frame.content().readableBytes() > LARGEST_MESSAGE) {
      frame.release();
      throw violated("a message of more than " + LARGEST_MESSAGE + " bytes");
    }
    ((CompositeByteBuf) before).addComponent(true, frame.content());
    if (!frame.isFinalFragment()) {
      return null;
    }
    fragments = null;
    return fragmentsAreText ? new TextWebSocketFrame(before) : new BinaryWebSocketFrame(before);
  }

  private static ProtocolException violated(String how) {
    return new ProtocolException("WebSocket: " + how);
  }

  /**
   * Writes a frame.
   *
   * @param frame a frame, which is released
   * @return its bytes, masked
   */
  ByteBuf written(WebSocketFrame frame) {
    channel.writeOutbound(frame);
    CompositeByteBuf all = Unpooled.compositeBuffer();
    for (ByteBuf part; (part = channel.readOutbound()) != null; ) {
      all.addComponent(true, part);
    }
    return all;
  }

  /** A close frame that any code and reason can be put into. */
  static CloseWebSocketFrame close(int code, @Nullable String reason) {
    String text = reason == null ? "" : reason;
    // RFC 6455 section 5.5: a control frame holds 125 bytes, two of which are the code.
    while (text.getBytes(StandardCharsets.UTF_8).length > 123) {
      text = text.substring(0, text.length() - 1);
    }
    boolean sendable =
        (code >= 1000 && code <= 1003)
            || (code >= 1007 && code <= 1014)
            || (code >= 3000 && code <= 4999);
    return new CloseWebSocketFrame(sendable ? code : 1000, text);
  }

  /** Lets go of what is half read. */
  void release() {
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
    channel.finishAndReleaseAll();
  }
}
