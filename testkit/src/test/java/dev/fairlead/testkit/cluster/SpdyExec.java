package dev.fairlead.testkit.cluster;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One exec over SPDY/3.1, on a plain TLS socket without ALPN as kubectl opens it. */
final class SpdyExec implements AutoCloseable {
  private static final int ERROR = 1;
  private static final int STDOUT = 3;
  private static final int STDIN = 5;

  private final SSLSocket socket;
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Map<Integer, StringBuilder> received = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();

  SpdyExec(SSLContext tls, DemoCluster cluster, String pod, String query, boolean stdin)
      throws IOException {
    socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", cluster.port());
    String head =
        "POST "
            + pod
            + "/exec?stdout=true&"
            + query
            + " HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
            + "X-Stream-Protocol-Version: v5.channel.k8s.io\r\n"
            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n"
            + "Authorization: Bearer "
            + cluster.adminToken()
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    readHead();
    open(ERROR, "error");
    open(STDOUT, "stdout");
    if (stdin) {
      open(STDIN, "stdin");
    }
  }

  private void readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the connection ended within the head: " + head);
      }
      head.append((char) b);
    }
    if (!head.toString().startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no upgrade: " + head);
    }
  }

  private void open(int stream, String type) throws IOException {
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(stream, 0, (byte) 0);
    frame.headers().set("streamtype", type);
    send(frame);
  }

  void stdin(String text) throws IOException {
    send(
        new DefaultSpdyDataFrame(
            STDIN, Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8))));
  }

  void closeStdin() throws IOException {
    send(new DefaultSpdyDataFrame(STDIN).setLast(true));
  }

  String stdout() throws IOException {
    return receive(STDOUT);
  }

  String status() throws IOException {
    return receive(ERROR);
  }

  private void send(Object frame) throws IOException {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
      bytes.release();
    }
    socket.getOutputStream().flush();
  }

  private String receive(int stream) throws IOException {
    byte[] buffer = new byte[4096];
    while (!ended.contains(stream)) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new IOException("the connection ended before stream " + stream);
      }
      codec.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
      for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
        if (frame instanceof SpdyDataFrame data) {
          received
              .computeIfAbsent(data.streamId(), id -> new StringBuilder())
              .append(data.content().toString(StandardCharsets.UTF_8));
          if (data.isLast()) {
            ended.add(data.streamId());
          }
          data.release();
        }
      }
    }
    return received.getOrDefault(stream, new StringBuilder()).toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    codec.finishAndReleaseAll();
  }
}
