package dev.fairlead.gateway;

import static dev.fairlead.testkit.raw.RawHttp2Client.END_HEADERS;
import static dev.fairlead.testkit.raw.RawHttp2Client.END_STREAM;
import static dev.fairlead.testkit.raw.RawHttp2Client.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.authorization.Rule;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages beside the clusters, as sockets see them. */
final class RestPagesTest {

  private final CountDownLatch gate = new CountDownLatch(1);
  private final BlockingQueue<RestCall> taken = new LinkedBlockingQueue<>();
  private GatewayFixture fixture;

  /** Answers what was asked for by the last segment of the path. */
  private final class Probe implements RestPages {
    @Override
    public List<String> prefixes() {
      return List.of("/probe", "/.well-known/probe");
    }

    @Override
    public RestAnswer answer(RestCall call) {
      taken.add(call);
      List<String> segments = call.segments();
      return switch (segments.get(segments.size() - 1)) {
        case "whoami" -> RestAnswer.json(200, "\"" + call.caller().identity().username() + "\"");
        case "echo" -> RestAnswer.of(200, "text/plain", call.json());
        case "scoped" ->
            RestAnswer.json(200, call.caller().scope() == null ? "no scope" : "a scope");
        case "condition" -> RestAnswer.json(200, call.ifMatch().orElse("-"));
        case "query" -> RestAnswer.json(200, call.query("q").orElse("-"));
        case "nothing" -> RestAnswer.nothing();
        case "conflict" -> throw new ConflictException("probe: there (expected: not there)");
        case "teapot" -> throw new RestProblemException(418, "probe: a teapot");
        case "broken" -> throw new IllegalStateException("a secret of the inside");
        case "wait" -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          yield RestAnswer.nothing();
        }
        default -> RestAnswer.json(200, "{}").with("cache-control", "public, max-age=60");
      };
    }
  }

  @BeforeEach
  void start() throws Exception {
    fixture = GatewayFixture.serving(new Probe());
  }

  @AfterEach
  void stop() {
    gate.countDown();
    fixture.close();
  }

  private String ask(String request) throws Exception {
    try (RawClient client = fixture.client()) {
      return client.send(request).response();
    }
  }

  private String get(String path, String... fields) throws Exception {
    return ask(head("GET", path, fields) + "\r\n");
  }

  private static String head(String method, String path, String... fields) {
    String head = method + " " + path + " HTTP/1.1\r\nHost: h\r\n";
    return fields.length == 0 ? head : head + String.join("\r\n", fields) + "\r\n";
  }

  private String post(String path, String body, String... fields) throws Exception {
    return ask(head("POST", path, fields) + "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  @Test
  void answersBesideTheClusters() throws Exception {
    assertThat(get("/probe")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n{}");
    assertThat(get("/.well-known/probe")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/probe/query?q=a%20b")).endsWith("\r\n\r\na b");
    assertThat(get("/livez")).endsWith("ok");
    assertThat(get("/clusters/dev/api/v1/pods")).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void pagesSeeTheConditionOfAChange() throws Exception {
    assertThat(get("/probe/condition")).endsWith("\r\n\r\n-");
    assertThat(get("/probe/condition", "If-Match: \"a\"")).endsWith("\r\n\r\n\"a\"");
    assertThat(get("/probe/condition", "If-Match: \"a\"", "If-Match: \"b\""))
        .endsWith("\r\n\r\n\"a\", \"b\"");
  }

  @Test
  void pagesSeeThatACredentialIsLimited() throws Exception {
    ApiKeyOrder order = ApiKeyOrder.forService("ci");
    Rule rule = Rule.builder().clusters("*").nonResourceUrls("/x").verbs("get").build();
    String whole = fixture.hub.apiKeys().issue(order).token().reveal();
    String limited =
        fixture.hub.apiKeys().issue(order.limitedTo(Scope.of(List.of(rule)))).token().reveal();
    assertThat(get("/probe/scoped", "Authorization: Bearer " + whole)).endsWith("no scope");
    assertThat(get("/probe/scoped", "Authorization: Bearer " + limited)).endsWith("a scope");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/prob", "/probes", "/prober/probe", "/.well-known", "/clusters/"})
  void ownsNothingBesideItsPrefixes(String path) throws Exception {
    assertThat(get(path)).startsWith("HTTP/1.1 404 ").contains("\"kind\":\"Status\"");
    assertThat(taken).isEmpty();
  }

  @Test
  void isNotReachedUnderAClustersHost() throws Exception {
    assertThat(ask("GET /probe HTTP/1.1\r\nHost: dev.hub.test\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .contains("\"kind\":\"Status\"");
    assertThat(get("/clusters/dev/probe")).startsWith("HTTP/1.1 401 ");
    assertThat(taken).isEmpty();
  }

  @Test
  void tellsBrowsersToDoNothingWithIt() throws Exception {
    assertThat(get("/probe/query"))
        .contains("x-content-type-options: nosniff\r\n")
        .contains("cache-control: no-store\r\n")
        .contains("referrer-policy: no-referrer\r\n")
        .contains("content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n");
    assertThat(get("/probe")).contains("cache-control: public, max-age=60\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Authorization: Bearer unknown", "Authorization: Basic YTpi", "Cookie: a=b"})
  void knowsNobodyWithoutAGoodCredential(String field) throws Exception {
    String answer = field.isEmpty() ? get("/probe/whoami") : get("/probe/whoami", field);
    assertThat(answer)
        .startsWith("HTTP/1.1 401 ")
        .contains("content-type: application/problem+json\r\n")
        .contains("www-authenticate: Bearer\r\n")
        .contains("\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"credential: ");
  }

  @Test
  void knowsTheCallerByTheHubsAuthenticators() throws Exception {
    assertThat(get("/probe/whoami", "Authorization: Bearer alice-token")).endsWith("\"alice\"");
    assertThat(get("/probe/whoami", "Authorization: Bearer root-token"))
        .as("reserved names")
        .startsWith("HTTP/1.1 401 ");
    assertThat(get("/probe/whoami", "Authorization: Bearer bob-token", "Authorization: Bearer x"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(taken.poll().toString()).doesNotContain("alice");
  }

  @ParameterizedTest
  @CsvSource({"conflict,409", "teapot,418", "broken,500"})
  void answersWithProblems(String path, int status) throws Exception {
    assertThat(get("/probe/" + path))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("content-type: application/problem+json\r\n")
        .contains("\"status\":" + status)
        .doesNotContain("secret");
  }

  @Test
  void keepsTheConnectionForTheNextCall() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(head("DELETE", "/probe/nothing") + "\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 204 ").doesNotContain("content-length");
      client.send(head("HEAD", "/probe/query?q=abc") + "\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("content-length: 3\r\n");
      client.send(head("GET", "/probe/conflict") + "\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 409 ");
      client.send(
          head(
                  "POST",
                  "/probe/echo",
                  "Transfer-Encoding: chunked",
                  "Content-Type: application/json")
              + "\r\n2\r\n{}\r\n0\r\n\r\n");
      assertThat(client.response()).endsWith("\r\n\r\n{}");
    }
    assertThat(taken.stream().map(RestCall::method))
        .containsExactly("DELETE", "GET", "GET", "POST");
  }

  @Test
  void takesNoLongerBodyThanItSaid() throws Exception {
    String json = "Content-Type: application/json; charset=utf-8";
    String most = "x".repeat(RestPages.USUAL_BODY);
    assertThat(post("/probe/echo", most, json)).startsWith("HTTP/1.1 200 ").endsWith(most);
    assertThat(ask(head("POST", "/probe/echo", json, "Content-Length: 65537") + "\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .contains("application/problem+json");
    assertThat(
            ask(
                head("POST", "/probe/echo", json, "Transfer-Encoding: chunked")
                    + "\r\n10001\r\n"
                    + most
                    + "y\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(taken).hasSize(1);
  }

  @Test
  void takesNoBodyThatAFormOnAnotherSiteCanSend() throws Exception {
    assertThat(post("/probe/echo", "{}", "Content-Type: text/plain")).startsWith("HTTP/1.1 415 ");
    assertThat(post("/probe/echo", "{}")).startsWith("HTTP/1.1 415 ");
    assertThat(
            post(
                "/probe/echo",
                "{}",
                "Content-Type: application/json",
                "Sec-Fetch-Site: cross-site"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(
            post("/probe/echo", "{}", "Content-Type: application/json", "Content-Encoding: gzip"))
        .startsWith("HTTP/1.1 415 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /probe/../probe HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET //probe HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /probe%2fx HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /probe;x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /probe HTTP/1.1\r\n\r\n",
        "GET /probe HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        "POST /probe HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      })
  void isAsStrictAsTheClustersPaths(String request) throws Exception {
    assertThat(ask(request)).startsWith("HTTP/1.1 400 ");
    assertThat(taken).isEmpty();
  }

  @Test
  void answersOverHttp2() throws Exception {
    String[] base = {":scheme", "https", ":authority", "h", ":method"};
    try (RawHttp2Client client = fixture.http2Client()) {
      assertThat(
              client
                  .frame(
                      RawHttp2Client.HEADERS,
                      END_HEADERS | END_STREAM,
                      1,
                      block(with(base, "GET", ":path", "/probe")))
                  .outcome(1))
          .isEqualTo("200");
      assertThat(
              client
                  .frame(
                      RawHttp2Client.HEADERS,
                      END_HEADERS,
                      3,
                      block(
                          with(
                              base,
                              "POST",
                              ":path",
                              "/probe/echo",
                              "content-type",
                              "application/json")))
                  .frame(
                      RawHttp2Client.DATA,
                      END_STREAM,
                      3,
                      "{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                  .outcome(3))
          .isEqualTo("200");
      assertThat(
              client
                  .frame(
                      RawHttp2Client.HEADERS,
                      END_HEADERS | END_STREAM,
                      5,
                      block(with(base, "GET", ":path", "/probe/whoami")))
                  .outcome(5))
          .isEqualTo("401");
      assertThat(
              client
                  .frame(
                      RawHttp2Client.HEADERS,
                      END_HEADERS,
                      7,
                      block(with(base, "POST", ":path", "/probe/echo", "content-length", "70000")))
                  .outcome(7))
          .isEqualTo("413");
    }
    assertThat(taken.stream().map(call -> call.segments().size())).containsExactly(1, 2, 2);
  }

  private static String[] with(String[] base, String... more) {
    List<String> all = new ArrayList<>(List.of(base));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void turnsAwayWhatIsTooMuchAndServesAgainAfterwards() throws Exception {
    List<RawClient> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < Pages.MOST_OF_SOURCE; i++) {
        waiting.add(fixture.client().send(head("GET", "/probe/wait") + "\r\n"));
      }
      for (int i = 0; i < Pages.THREADS; i++) {
        assertThat(taken.poll(20, TimeUnit.SECONDS)).isNotNull();
      }
      String answer;
      do {
        answer = get("/probe/turned-away");
      } while (answer.startsWith("HTTP/1.1 200 "));
      assertThat(answer).startsWith("HTTP/1.1 429 ").contains("retry-after: 1\r\n");
      assertThat(get("/livez")).as("all else goes on").endsWith("ok");
      gate.countDown();
      for (RawClient client : waiting) {
        assertThat(client.head()).startsWith("HTTP/1.1 204 ");
      }
    } finally {
      for (RawClient client : waiting) {
        client.close();
      }
    }
    assertThat(get("/probe")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void listsEveryMistakeOfPrefixes() {
    RestPages[] wrong =
        List.of("/clusters", "/clusters/x", "auth", "/a/", "/", "/a b", "/x", "/x/y", "/x").stream()
            .map(RestPagesTest::at)
            .toArray(RestPages[]::new);
    assertThatThrownBy(() -> Gateway.builder(fixture.hub).serve(wrong).build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("prefix /clusters (")
        .hasMessageContaining("prefix /clusters/x (")
        .hasMessageContaining("prefix auth (")
        .hasMessageContaining("prefix /a/ (")
        .hasMessageContaining("prefix / (")
        .hasMessageContaining("prefix /a b (")
        .hasMessageContaining("prefix /x/y beside /x (")
        .hasMessageContaining("prefix /x beside /x (")
        .hasMessageContaining("listen: not set");
  }

  private static RestPages at(String prefix) {
    return new RestPages() {
      @Override
      public List<String> prefixes() {
        return List.of(prefix);
      }

      @Override
      public RestAnswer answer(RestCall call) {
        return RestAnswer.nothing();
      }
    };
  }
}
