package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileInputTest extends RunningCluster {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "42", "{\"kind\":\"Pod\"}", "{\"metadata\":7}", "{} {}", "null"})
  void aBodyThatIsNoSuchObjectIsABadRequest(String body) {
    var answer = api.post(CONFIG_MAPS, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/kind")).isEqualTo("Status");
    assertThat(answer.text("/reason")).isEqualTo("BadRequest");
  }

  @Test
  void anUnknownFieldIsABadRequestWhenTheClientIsStrict() {
    String typo = "{\"metadata\":{\"name\":\"a\"},\"dta\":{}}";
    var answer = api.post(CONFIG_MAPS + "?fieldValidation=Strict", typo);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/message"))
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                + " unknown field \"dta\"");
    assertThat(api.post(CONFIG_MAPS, typo).status()).isEqualTo(201);
  }

  @Test
  void aFieldOfTheWrongTypeIsABadRequest() {
    String scale = "/apis/apps/v1/namespaces/shop/deployments/web";
    String patch = "{\"spec\":{\"replicas\":\"many\"}}";
    assertThat(api.patch(scale, "application/merge-patch+json", patch).text("/message"))
        .contains("spec.replicas: found a JSON STRING (expected: an integer)");
    assertThat(api.patch(scale + "/scale", "application/merge-patch+json", patch).status())
        .isEqualTo(400);
  }

  @Test
  void labelsMustBeStrings() {
    assertThat(
            api.post(CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"n\":1}}}").status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/api/v1/widgets",
        "/api/v2/pods",
        "/api/v1/pods/no-namespace",
        "/api/v1/namespaces/shop/nodes",
        "/api/v1/namespaces/shop/pods/cart-0/nothing",
        "/apis/apps/v1/namespaces/shop/deployments/web/log",
        "/openapi/v3/apis/none/v1",
        "/"
      })
  void anUnknownPathIsNotFound(String path) {
    var answer = api.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("/kind")).isEqualTo("Status");
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    String body = ApiClient.configMap("big", "{\"k\":\"" + "x".repeat(3 << 20) + "\"}");
    var answer =
        api.send(
            api.body("POST", CONFIG_MAPS, "application/json", body)
                .version(HttpClient.Version.HTTP_1_1));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text("/reason")).isEqualTo("RequestEntityTooLarge");
  }

  @Test
  void yamlBombsAreDefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertThat(api.apply(CONFIG_MAPS + "/a", "me", bomb.toString()).status()).isEqualTo(400);
  }

  @Test
  void wrongMethodsAreNotAllowed() {
    assertThat(api.delete(CONFIG_MAPS + "/../configmaps").status()).isBetween(200, 499);
    assertThat(api.post(CONFIG_MAPS + "/a", "{}").status()).isEqualTo(405);
    assertThat(api.send(api.body("PROPFIND", CONFIG_MAPS, "application/json", "{}")).status())
        .isEqualTo(405);
  }

  @Test
  void nonsenseInQueriesIsABadRequest() {
    assertThat(api.get(CONFIG_MAPS + "?limit=many").status()).isEqualTo(400);
    assertThat(api.get(CONFIG_MAPS + "?watch=true&timeoutSeconds=-1").status()).isEqualTo(400);
  }

  @Test
  void bytesThatAreNotHttpEndTheConnectionOnly() throws Exception {
    try (SSLSocket socket =
        (SSLSocket) api.tls().getSocketFactory().createSocket("127.0.0.1", cluster.port())) {
      socket
          .getOutputStream()
          .write("\0\1\2 nonsense\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400 ");
    }
    assertThat(api.get("/version").status()).isEqualTo(200);
  }

  @Test
  void anUpgradeThatIsNotUnderstoodIsRefused() throws Exception {
    assertThat(upgrade("h2c", "")).startsWith("HTTP/1.1 400 ");
    assertThat(upgrade("SPDY/3.1", "X-Stream-Protocol-Version: v1\r\n"))
        .startsWith("HTTP/1.1 403 ")
        .containsIgnoringCase("X-Accepted-Stream-Protocol-Versions: v4.channel.k8s.io");
    assertThat(upgrade("websocket", "")).startsWith("HTTP/1.1 400 ");
  }

  private String upgrade(String protocol, String more) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) api.tls().getSocketFactory().createSocket("127.0.0.1", cluster.port())) {
      String head =
          "GET /api/v1/namespaces/shop/pods/cart-0/exec?command=ls&stdout=true HTTP/1.1\r\n"
              + "Host: x\r\nConnection: Upgrade\r\nUpgrade: "
              + protocol
              + "\r\n"
              + more
              + "Authorization: Bearer "
              + cluster.adminToken()
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
