package dev.fairlead.transport.websocket;

import dev.fairlead.api.transport.TlsMaterial;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client that writes bytes by hand, as an attacker or a broken agent would. */
final class RawAgent implements AutoCloseable {

  /** One frame of the hub. */
  record Frame(int opcode, byte[] payload) {
    int code() {
      return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }
  }

  private static final int PATIENCE_MILLIS = 30_000;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;

  RawAgent(TlsMaterial tls, int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        tls.keyManagers().toArray(KeyManager[]::new),
        tls.trustManagers().toArray(TrustManager[]::new),
        null);
    socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  RawAgent send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return this;
  }

  RawAgent send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends a frame; {@code first} is FIN, reserved bits and opcode, the mask key is 1, 2, 3, 4. */
  RawAgent frame(int first, byte... payload) throws IOException {
    return send(frameBytes(first, payload));
  }

  static byte[] frameBytes(int first, byte... payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(new byte[] {1, 2, 3, 4});
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ (i & 3) + 1);
    }
    return frame.toByteArray();
  }

  RawAgent upgrade() throws IOException {
    send(
        """
        GET /fairlead/v1/tunnel HTTP/1.1\r
        Host: localhost\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: fairlead.v1\r
        \r
        """);
    return this;
  }

  RawAgent connected() throws IOException {
    String head = upgrade().head();
    if (!head.startsWith("HTTP/1.1 101 ")
        || !head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        || head.toLowerCase(java.util.Locale.ROOT).contains("sec-websocket-extensions")) {
      throw new AssertionError("no upgrade: " + head);
    }
    return this;
  }

  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  String body(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** The hub's next frame that is no Ping. */
  Frame next() throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      Frame frame = new Frame(first & 15, in.readNBytes(length));
      if (frame.opcode() != 9) {
        return frame;
      }
    }
  }

  /** The code of the hub's Close, after whatever else it sends. */
  int closeCode() throws IOException {
    while (true) {
      Frame frame = next();
      if (frame.opcode() == 8) {
        return frame.code();
      }
    }
  }

  boolean isAtEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException e) {
      return true;
    }
  }

  /** Closes without a wait for the hub's own close. */
  void cut() throws IOException {
    socket.setSoTimeout(1);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
