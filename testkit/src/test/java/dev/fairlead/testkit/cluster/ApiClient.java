package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A bare HTTP client of one demo cluster, as the administrator unless told otherwise. */
final class ApiClient {
  record Answer(int status, JsonNode body, HttpClient.Version version) {
    String text(String pointer) {
      return body.at(pointer).asText();
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DemoCluster cluster;
  private final SSLContext tls;
  private final HttpClient http;

  ApiClient(DemoCluster cluster) {
    this.cluster = cluster;
    this.tls = trusting(cluster.caCertificate());
    this.http = HttpClient.newBuilder().sslContext(tls).build();
  }

  private static SSLContext trusting(String pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  SSLContext tls() {
    return tls;
  }

  HttpClient http() {
    return http;
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(cluster.url() + path))
        .header("Authorization", "Bearer " + cluster.adminToken());
  }

  HttpRequest.Builder anonymously(String path) {
    return HttpRequest.newBuilder(URI.create(cluster.url() + path));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), JSON.readTree(response.body()), response.version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Answer get(String path) {
    return send(to(path));
  }

  Answer delete(String path) {
    return send(to(path).DELETE());
  }

  Answer post(String path, String json) {
    return send(body("POST", path, "application/json", json));
  }

  Answer put(String path, String json) {
    return send(body("PUT", path, "application/json", json));
  }

  Answer patch(String path, String type, String patch) {
    return send(body("PATCH", path, type, patch));
  }

  Answer apply(String path, String manager, String yaml) {
    String separator = path.contains("?") ? "&" : "?";
    return patch(
        path + separator + "fieldManager=" + manager, "application/apply-patch+yaml", yaml);
  }

  HttpRequest.Builder body(String method, String path, String type, String body) {
    return to(path)
        .header("Content-Type", type)
        .method(method, HttpRequest.BodyPublishers.ofString(body));
  }

  /** Opens a body that stays open. */
  BufferedReader stream(String path) {
    try {
      HttpResponse<InputStream> response =
          http.send(to(path).build(), HttpResponse.BodyHandlers.ofInputStream());
      return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode event(BufferedReader stream) {
    try {
      return JSON.readTree(stream.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String configMap(String name, String data) {
    return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":%s}"""
        .formatted(name, data);
  }
}
