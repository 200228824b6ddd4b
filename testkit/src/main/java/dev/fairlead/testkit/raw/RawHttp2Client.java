package dev.fairlead.testkit.raw;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends HTTP/2 frames (RFC 9113) as they are, over TLS to this machine, whether or not a codec
 * would. Every method blocks, reading for at most 20 s at a time. For one thread.
 */
public final class RawHttp2Client implements AutoCloseable {

  /** The type of a frame with a piece of a body. */
  public static final int DATA = 0;

  /** The type of a frame that begins a block of fields. */
  public static final int HEADERS = 1;

  /** The type of a frame that ranks a stream. */
  public static final int PRIORITY = 2;

  /** The type of a frame that ends a stream early. */
  public static final int RST_STREAM = 3;

  /** The type of a frame with settings. */
  public static final int SETTINGS = 4;

  /** The type of a frame that asks for a sign of life. */
  public static final int PING = 6;

  /** The type of a frame that ends a connection. */
  public static final int GOAWAY = 7;

  /** The type of a frame that goes on with a block of fields. */
  public static final int CONTINUATION = 9;

  /** The flag of a frame after which its stream has no more. */
  public static final int END_STREAM = 1;

  /** The flag of a frame that ends a block of fields. */
  public static final int END_HEADERS = 4;

  private static final int ACK = 1;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  private RawHttp2Client(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /**
   * Connects, and sends the preface and empty settings.
   *
   * @param authority whom to trust
   * @param port a port of 127.0.0.1
   * @return a client
   * @throws GeneralSecurityException if this JVM has no TLS
   * @throws IOException if nothing takes the connection
   */
  public static RawHttp2Client connect(X509Certificate authority, int port)
      throws GeneralSecurityException, IOException {
    return connect(authority, port, new byte[0]);
  }

  /**
   * Connects, and sends the preface and settings.
   *
   * @param authority whom to trust
   * @param port a port of 127.0.0.1
   * @param settings the payload of the first frame, as RFC 9113 section 6.5.1 has it
   * @return a client
   * @throws GeneralSecurityException if this JVM has no TLS
   * @throws IOException if nothing takes the connection
   */
  public static RawHttp2Client connect(X509Certificate authority, int port, byte[] settings)
      throws GeneralSecurityException, IOException {
    SSLSocket socket =
        (SSLSocket)
            RawClient.trusting(authority).getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
    socket.startHandshake();
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new RawHttp2Client(socket).frame(SETTINGS, 0, 0, settings);
  }

  /**
   * Whether the other side closes it, or has; what comes before that is skipped.
   *
   * @param millis how long reading waits
   * @return true if it is closed
   * @throws IOException if it is closed here
   */
  public boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return RawClient.isClosed(socket);
  }

  /**
   * Sends a frame.
   *
   * @param type its type
   * @param flags its flags
   * @param stream its stream; 0 for the connection
   * @param payload what is in it
   * @return this
   * @throws IOException if the other side closed the connection
   */
  public RawHttp2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
    return send(bytesOf(type, flags, stream, payload));
  }

  /**
   * Sends bytes, such as many frames at once.
   *
   * @param bytes the bytes
   * @return this
   * @throws IOException if the other side closed the connection
   */
  public RawHttp2Client send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /**
   * A frame as bytes.
   *
   * @param type its type
   * @param flags its flags
   * @param stream its stream; 0 for the connection
   * @param payload what is in it
   * @return the frame
   */
  public static byte[] bytesOf(int type, int flags, int stream, byte[] payload) {
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
    return frame;
  }

  /**
   * A block of literal fields (RFC 7541 section 6.2.2), none of them indexed or checked.
   *
   * @param namesAndValues each name before its value, one character for each byte
   * @return the block
   */
  public static byte[] block(String... namesAndValues) {
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
   * @param stream the stream
   * @return its status, {@code reset}, or {@code closed} if the whole connection was ended
   * @throws IOException if nothing came in time
   * @throws Http2Exception if what came is no block of fields
   */
  public String outcome(int stream) throws IOException, Http2Exception {
    return answer(stream, false);
  }

  /**
   * Reads an answer to its end.
   *
   * @param stream the stream
   * @return the status, a line break, and the body; behind it, what {@link #outcome} tells of a
   *     stream that was ended early, or the fields that ended it, a line each
   * @throws IOException if nothing came in time
   * @throws Http2Exception if what came is no block of fields
   */
  public String response(int stream) throws IOException, Http2Exception {
    return answer(stream, true);
  }

  /**
   * Reads the beginning of a body, whose head was read before.
   *
   * @param stream the stream
   * @param least how many bytes at least
   * @return what came, up to the end of a frame
   * @throws IOException if nothing came in time, or the connection was closed
   */
  public String body(int stream, int least) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (body.size() < least) {
      byte[] head = in.readNBytes(9);
      if (head.length < 9) {
        throw new IOException("closed after " + body.size() + " bytes");
      }
      byte[] payload = in.readNBytes(length(head));
      if (head[3] == DATA && id(head) == stream) {
        body.writeBytes(payload);
      } else if (head[3] == SETTINGS && (head[4] & ACK) == 0) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private static int length(byte[] head) {
    return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
  }

  private static int id(byte[] head) {
    return (head[5] & 0x7f) << 24
        | (head[6] & 0xff) << 16
        | (head[7] & 0xff) << 8
        | (head[8] & 0xff);
  }

  private String answer(int stream, boolean whole) throws IOException, Http2Exception {
    StringBuilder answer = new StringBuilder();
    while (true) {
      byte[] head = new byte[9];
      try {
        in.readFully(head);
      } catch (IOException e) {
        return answer + "closed";
      }
      int id = id(head);
      byte[] payload = in.readNBytes(length(head));
      if (head[3] == GOAWAY) {
        return answer + "closed";
      }
      if (head[3] == RST_STREAM && id == stream) {
        return answer + "reset";
      }
      if (head[3] == SETTINGS && (head[4] & ACK) == 0) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
      if (head[3] == HEADERS) {
        Http2Headers fields = headers.decodeHeaders(id, Unpooled.wrappedBuffer(payload));
        if (id == stream && fields.status() != null) {
          answer.append(fields.status()).append(whole ? "\n" : "");
        }
        if (id == stream && whole && (head[4] & END_STREAM) != 0) {
          fields.forEach(
              field ->
                  answer.append(field.getKey()).append(": ").append(field.getValue()).append('\n'));
        }
      }
      if (head[3] == DATA && id == stream && whole) {
        answer.append(new String(payload, StandardCharsets.UTF_8));
      }
      boolean end = (head[4] & END_STREAM) != 0 && (head[3] == HEADERS || head[3] == DATA);
      if (id == stream && (whole ? end : head[3] == HEADERS)) {
        return answer.toString();
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
