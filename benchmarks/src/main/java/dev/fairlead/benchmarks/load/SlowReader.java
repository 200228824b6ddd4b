package dev.fairlead.benchmarks.load;

import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Way;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A client that has read a part of a large answer, and waits. */
public final class SlowReader implements AutoCloseable {

  private static final int PART = 4 * 1024 * 1024;
  private static final int TIMEOUT_MILLIS = 60_000;

  private final InputStream body;

  private SlowReader(InputStream body) {
    this.body = body;
  }

  /** Asks for a path, and reads nothing but the head. */
  public static SlowReader start(Way way, String path) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new Anybody()}, null);
      HttpsURLConnection connection =
          (HttpsURLConnection) URI.create(way.url(path)).toURL().openConnection();
      connection.setSSLSocketFactory(tls.getSocketFactory());
      connection.setRequestProperty("Authorization", "Bearer " + way.token());
      connection.setReadTimeout(TIMEOUT_MILLIS);
      return new SlowReader(connection.getInputStream());
    } catch (IOException | GeneralSecurityException e) {
      throw new LabException(path + " on " + way.name() + ": " + e.getMessage(), e);
    }
  }

  /** Reads the first 4 MiB. */
  public void readPart() {
    try {
      if (body.readNBytes(PART).length < PART) {
        throw new LabException("answer: less than " + PART + " bytes");
      }
    } catch (IOException e) {
      throw new LabException("answer: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new LabException("answer: " + e.getMessage(), e);
    }
  }
}
