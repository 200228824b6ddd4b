package dev.fairlead.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Sends HTTP/2 frames (RFC 9113) as they are, over TLS, whether or not a codec would. */
final class RawHttp2Client implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int ACK = 1;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  private RawHttp2Client(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static RawHttp2Client connect(GatewayFixture to) throws GeneralSecurityException, IOException {
    return connect(to.hub.caCertificate(), to.gateway.port());
  }

  static RawHttp2Client connect(X509Certificate authority, int port)
      throws GeneralSecurityException, IOException {
    SSLSocket socket =
        (SSLSocket)
            RawClient.trusting(authority).getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new RawHttp2Client(socket).frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Whether the other side closes it, or has, while reading waits for so long. */
  boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return RawClient.isClosed(socket);
  }

  RawHttp2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
    byte[] frame = new byte[9 + payload.length];
    frame[0] = (byte) (payload.length >> 16);
    frame[1] = (byte) (payload.length >> 8);
    frame[2] = (byte) payload.length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[5] = (byte) (stream >> 24);
    frame[6] = (byte) (stream >> 16);
    frame[7] = (byte) (stream >> 8);
    frame[8] = (byte) stream;
    System.arraycopy(payload, 0, frame, 9, payload.length);
    socket.getOutputStream().write(frame);
    return this;
  }

  /** A block of literal fields (RFC 7541 section 6.2.2), none of them indexed or checked. */
  static byte[] block(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      literal(block, namesAndValues[i]);
      literal(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /**
   * What became of a stream.
   *
   * @return its status, {@code reset}, or {@code closed} if the whole connection was ended
   */
  String outcome(int stream) throws IOException, Http2Exception {
    while (true) {
      byte[] head = new byte[9];
      try {
        in.readFully(head);
      } catch (IOException e) {
        return "closed";
      }
      int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
      int id =
          (head[5] & 0x7f) << 24
              | (head[6] & 0xff) << 16
              | (head[7] & 0xff) << 8
              | (head[8] & 0xff);
      byte[] payload = in.readNBytes(length);
      if (head[3] == GOAWAY) {
        return "closed";
      }
      if (head[3] == RST_STREAM && id == stream) {
        return "reset";
      }
      if (head[3] == SETTINGS && (head[4] & ACK) == 0) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
      if (head[3] == HEADERS) {
        ByteBuf fields = Unpooled.wrappedBuffer(payload);
        String status = String.valueOf(headers.decodeHeaders(id, fields).status());
        if (id == stream) {
          return status;
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // The other side closed it before and takes no goodbye.
    }
  }
}
