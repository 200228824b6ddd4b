package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Clients that ask for a large answer, read its beginning, and then read no more. */
public final class StalledReaders implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final List<SSLSocket> sockets = new ArrayList<>();

  private StalledReaders() {}

  /** Opens so many. */
  public static StalledReaders open(Way way, String path, int count) {
    StalledReaders readers = new StalledReaders();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      for (int i = 0; i < count; i++) {
        readers.open(context, way, path);
      }
      return readers;
    } catch (IOException | GeneralSecurityException e) {
      readers.close();
      throw new LabException(
          "reader " + readers.sockets.size() + " of " + count + " on " + way.name() + ": " + e, e);
    }
  }

  private void open(SSLContext context, Way way, String path) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", way.port());
    sockets.add(socket);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    String request =
        "GET "
            + way.prefix()
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + way.token()
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    String beginning =
        new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    if (!beginning.equals("HTTP/1.1 200")) {
      throw new IOException("it was answered " + beginning);
    }
  }

  @Override
  public void close() {
    for (SSLSocket socket : sockets) {
      try {
        // At once: an orderly end of TLS would have to be read for.
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException gone) {
        // It was to go.
      }
    }
  }
}
