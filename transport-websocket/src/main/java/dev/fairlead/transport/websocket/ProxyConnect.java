package dev.fairlead.transport.websocket;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.egress.EgressProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Opens the way through an HTTP proxy (RFC 9110, 9.3.6), and only then lets the rest of the
 * pipeline know that it is connected. Reads no byte beyond the proxy's head.
 */
final class ProxyConnect extends ByteToMessageDecoder {

  private static final int LONGEST_HEAD = 16 * 1024;

  private final EgressProxy proxy;
  private final HostPort hub;

  ProxyConnect(EgressProxy proxy, HostPort hub) {
    this.proxy = proxy;
    this.hub = hub;
    setSingleDecode(true);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    StringBuilder head =
        new StringBuilder("CONNECT ")
            .append(hub)
            .append(" HTTP/1.1\r\nHost: ")
            .append(hub)
            .append("\r\nUser-Agent: fairlead-agent\r\n");
    proxy
        .authorization()
        .ifPresent(value -> head.append("Proxy-Authorization: ").append(value).append("\r\n"));
    head.append("\r\n");
    ctx.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int end = endOfHead(in);
    if (end < 0) {
      if (in.readableBytes() > LONGEST_HEAD) {
        throw failed("its answer is over 16 KiB", "an HTTP proxy");
      }
      return;
    }
    String head = in.readCharSequence(end, StandardCharsets.ISO_8859_1).toString();
    String line = head.lines().findFirst().orElse("");
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[0-9]{3}")) {
      throw failed("its answer is no HTTP/1.1", "an HTTP proxy");
    }
    int status = Integer.parseInt(parts[1]);
    if (status / 100 != 2) {
      throw refusal(status);
    }
    ctx.fireChannelActive();
    ctx.pipeline().remove(this);
  }

  private static int endOfHead(ByteBuf in) {
    int start = in.readerIndex();
    for (int at = start; at + 3 < in.writerIndex(); at++) {
      if (in.getByte(at) == '\r'
          && in.getByte(at + 1) == '\n'
          && in.getByte(at + 2) == '\r'
          && in.getByte(at + 3) == '\n') {
        return at + 4 - start;
      }
    }
    return -1;
  }

  private TransportException refusal(int status) {
    return switch (status) {
      case 407 ->
          failed(
              "status 407, "
                  + proxy
                      .user()
                      .map(user -> "it does not accept user " + user + " and the password")
                      .orElse("it wants a user and a password"),
              "the right ones in the proxy's configuration");
      case 403 -> failed("status 403, it does not let anybody through to there", "a rule for it");
      case 502, 503, 504 ->
          failed("status " + status + ", it cannot reach the hub", "that it can; is the hub up?");
      default -> failed("status " + status, "200");
    };
  }

  private TransportException failed(String found, String expected) {
    return new TransportException(
        hub + " through proxy " + proxy + ": " + found + " (expected: " + expected + ")");
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ctx.fireExceptionCaught(failed("it closed the connection", "status 200"));
  }
}
