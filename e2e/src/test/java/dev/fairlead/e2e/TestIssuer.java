package dev.fairlead.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An issuer on this machine, three bad ones behind paths of it, and tokens of all kinds. */
final class TestIssuer implements AutoCloseable {

  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final int ENDLESS_BYTES = 100_000_000;

  final List<String> requests = new CopyOnWriteArrayList<>();
  final RSAKey rsa;
  final ECKey ec;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  TestIssuer() {
    try {
      rsa = new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
      ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange request) throws IOException {
    String path = request.getRequestURI().getPath();
    requests.add(path);
    try (request) {
      switch (path) {
        case DISCOVERY -> send(request, 200, discovery(url(), url() + "/jwks"));
        case "/mismatch" + DISCOVERY -> send(request, 200, discovery(url(), url() + "/jwks"));
        case "/redirect" + DISCOVERY -> {
          request.getResponseHeaders().set("location", "http://169.254.169.254/latest/meta-data");
          send(request, 302, "");
        }
        case "/endless" + DISCOVERY ->
            send(request, 200, discovery(url() + "/endless", url() + "/endless/jwks"));
        case "/endless/jwks" -> send(request, 200, " ".repeat(ENDLESS_BYTES));
        case "/jwks", "/elsewhere" -> send(request, 200, keys());
        default -> send(request, 404, "{}");
      }
    }
  }

  private String keys() {
    return new JWKSet(List.of((JWK) rsa.toPublicJWK(), ec.toPublicJWK())).toString();
  }

  private static String discovery(String issuer, String jwks) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", jwks));
  }

  private static void send(HttpExchange request, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    request.getResponseHeaders().set("content-type", "application/json");
    request.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    request.getResponseBody().write(bytes);
  }

  /** The header of a good token. */
  static Map<String, Object> header(String algorithm, String key) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", algorithm);
    header.put("kid", key);
    header.put("typ", "JWT");
    return header;
  }

  /** The claims of a good token, some of them replaced; null takes one out. */
  Map<String, Object> claims(Object... changes) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", url());
    claims.put("sub", "olga");
    claims.put("aud", "fairlead");
    claims.put("azp", "kubectl");
    claims.put("groups", List.of("admins"));
    claims.put("iat", now);
    claims.put("exp", now + 600);
    for (int i = 0; i < changes.length; i += 2) {
      if (changes[i + 1] == null) {
        claims.remove(changes[i]);
      } else {
        claims.put((String) changes[i], changes[i + 1]);
      }
    }
    return claims;
  }

  /** A token that is good but for the claims that are replaced. */
  String token(Object... changes) {
    return signed(header("RS256", "rsa-1"), claims(changes), rsa);
  }

  /** Signs with a key of this issuer, or of nobody, whatever the header says. */
  static String signed(Map<String, Object> header, Map<String, Object> claims, JWK key) {
    String input = input(header, claims);
    try {
      JWSSigner signer =
          key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
      JWSAlgorithm algorithm = key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
      return input
          + "."
          + signer.sign(new JWSHeader(algorithm), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String input(Map<String, Object> header, Map<String, Object> claims) {
    return Base64URL.encode(JSONObjectUtils.toJSONString(header))
        + "."
        + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
