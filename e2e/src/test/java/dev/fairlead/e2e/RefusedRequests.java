package dev.fairlead.e2e;

import static dev.fairlead.e2e.RefusalRow.Rows.as;

import dev.fairlead.e2e.RefusalRow.Rows;
import java.util.List;
import java.util.Map;

/** Requests that are refused for what they say, by the rows of the table in docs/security.md. */
final class RefusedRequests {

  private static final String ALICE = "Authorization: Bearer " + User.ALICE.token() + "\r\n";
  private static final String BOB = "Authorization: Bearer " + User.BOB.token() + "\r\n";
  private static final String NEXT = "GET {maps} HTTP/1.1\r\nHost: h\r\n" + ALICE + "\r\n";
  private static final int TOO_MANY = 10_001;

  private RefusedRequests() {}

  static List<RefusalRow> all() {
    Rows rows = new Rows();
    impersonation(rows);
    credentials(rows.row(9));
    targets(rows.row(15));
    protocols(rows.row(20));
    framing(rows.row(21));
    browsers(rows.row(24));
    rights(rows.row(30));
    return rows.all();
  }

  private static void impersonation(Rows rows) {
    rows.row(1);
    for (String field :
        List.of(
            "Impersonate-User: root",
            "Impersonate-Group: admins",
            "Impersonate-Uid: 0",
            "Impersonate-Extra-Scopes: all",
            "Impersonate-Foo: x")) {
      rows.both(field + " without the right", "403", site -> as(User.BOB.token(), field));
    }
    rows.both(
        "Impersonate-Foo: x with the right",
        "403",
        site -> as(User.ALICE.token(), "Impersonate-Foo: x"));
    rows.both(
        "Impersonate-Group: system:masters with the right",
        "403",
        site ->
            as(User.ALICE.token(), "Impersonate-User: root", "Impersonate-Group: system:masters"));
    rows.row(2);
    rows.both(
        "two Impersonate-User",
        "403",
        site -> as(User.BOB.token(), "Impersonate-User: bob", "Impersonate-User: root"));
    rows.both("Impersonate_User", "403", site -> as(User.BOB.token(), "Impersonate_User: root"));
    rows.http1(
        "iMpErSoNaTe-UsEr",
        "403",
        "GET {maps} HTTP/1.1\r\nHost: h\r\n" + BOB + "iMpErSoNaTe-UsEr: root\r\n\r\n");
    rows.http1(
        "Impersonate-User with a space",
        "400",
        "GET {maps} HTTP/1.1\r\nHost: h\r\n" + ALICE + "Impersonate-User : root\r\n\r\n");
    rows.http1(
        "Impersonate-User in two lines",
        "40[03]",
        "GET {maps} HTTP/1.1\r\nHost: h\r\n" + BOB + "Impersonate-User:\r\n root\r\n\r\n");
    rows.http2("Impersonate-User in capitals", "GET", "Impersonate-User: root");
    rows.http2("impersonate-user with a space", "GET", "impersonate-user : root");
    rows.http2("a line hidden in a value", "GET", "x-note: a\r\nimpersonate-user: root");
    rows.http2("the tunnel's own user", "GET", ":fairlead-user: root");
  }

  private static void credentials(Rows rows) {
    String query = "?token=" + User.ALICE.token();
    rows.both(
        "no token, one in the query",
        "401",
        "GET",
        "h",
        (site, mark) -> Rows.maps(mark) + query,
        site -> List.of());
    for (String field :
        List.of(
            "Authorization: Bearer ",
            "Authorization: Basic YWxpY2U6eA==",
            "Authorization: Bearer made-up",
            "Cookie: token=" + User.ALICE.token())) {
      rows.both(field.split("=")[0], "401", site -> List.of(field));
    }
    rows.both(
        "two Authorization",
        "400",
        site -> as(User.ALICE.token(), "Authorization: Bearer " + User.BOB.token()));
    RefusedTokens.byRow(
        (row, name, token) -> {
          rows.row(row);
          rows.both(name, "401", site -> as(token.from(site.issuer)));
        });
  }

  private static void targets(Rows rows) {
    String rest = "/api/v1/namespaces/{mark}/configmaps";
    for (Map.Entry<String, Integer> target :
        Map.ofEntries(
                Map.entry("/clusters/gone/../real" + rest, 15),
                Map.entry("/clusters/gone/%2e%2e/real" + rest, 15),
                Map.entry("/clusters/gone%2f..%2freal" + rest, 15),
                Map.entry("/clusters/real/api%2fv1/namespaces/{mark}/configmaps", 15),
                Map.entry("/clusters/real%5c" + rest, 15),
                Map.entry("/clusters/real/" + rest, 15),
                Map.entry("/clusters/real;x=1" + rest, 15),
                Map.entry("/clusters/real" + rest + ";x=1", 15),
                Map.entry("/clusters/real" + rest + "%00", 15),
                Map.entry("/clusters/real" + rest + "/%252e%252e/secrets", 15),
                Map.entry("/clusters/REAL" + rest, 16),
                Map.entry("/clusters/real." + rest, 16),
                Map.entry("/clusters/real%20" + rest, 16),
                Map.entry("/clusters/re%C3%A1l" + rest, 16),
                Map.entry("/clusters/re\u00e1l" + rest, 16),
                Map.entry("/clusters/real" + rest + "?%zz", 17),
                Map.entry("/clusters/real" + rest + "?a;b", 17),
                Map.entry("/clusters/real" + rest + "?a=%00", 17),
                Map.entry("/clusters/real" + rest + "?" + "a&".repeat(TOO_MANY), 17),
                Map.entry("/clusters/real" + rest + "#x", 17),
                Map.entry("http://h/clusters/real" + rest, 17),
                Map.entry("https://h/clusters/real" + rest, 17),
                Map.entry("*", 17))
            .entrySet()) {
      String shown = target.getKey();
      rows.row(target.getValue());
      rows.both(
          shown.length() > 100 ? shown.substring(0, 80) + "…" : shown,
          "40[04]|reset|closed",
          "GET",
          "h",
          (site, mark) -> target.getKey().replace("{mark}", mark),
          site -> as(User.ALICE.token()));
    }
    rows.row(16);
    rows.both(
        "host of another cluster than the path",
        "400",
        "GET",
        "gone.hub.test",
        (site, mark) -> Rows.maps(mark),
        site -> as(User.ALICE.token()));
    rows.row(17);
    for (String method : List.of("TRACE", "PROPFIND", "get", "OPTIONS")) {
      rows.both(
          method,
          "40[05]|reset|closed",
          method,
          "h",
          (site, mark) -> Rows.maps(mark),
          site -> as(User.ALICE.token()));
    }
    rows.http1("CONNECT", "40[05]", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n" + ALICE + "\r\n");
    rows.http2("CONNECT", "CONNECT");
    rows.http2("two paths", "GET", ":path: /clusters/real/api/v1/nodes");
  }

  private static void protocols(Rows rows) {
    for (String protocol : List.of("h2c", "TLS/1.0", "SPDY/2", "echo")) {
      rows.http1AndEnd(
          "Upgrade: " + protocol,
          "400",
          "GET {maps} HTTP/1.1\r\nHost: h\r\n"
              + ALICE
              + "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\nUpgrade: "
              + protocol
              + "\r\n\r\n"
              + NEXT);
    }
    rows.http1("preface of HTTP/2", "400|closed", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    rows.http2("extended CONNECT", "CONNECT", ":protocol: websocket");
    rows.http2("connection: upgrade", "GET", "connection: upgrade", "upgrade: SPDY/3.1");
  }

  private static void framing(Rows rows) {
    for (String fields :
        List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\u000bchunked",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 5",
            "Content-Length: +5",
            "Content-Length: 0x5",
            "Content-Length: -1",
            "Host: other")) {
      rows.http1AndEnd(
          fields.replace("\r\n", " and "),
          "400",
          "POST {maps} HTTP/1.1\r\nHost: h\r\n" + ALICE + fields + "\r\n\r\n0\r\n\r\n" + NEXT);
    }
    rows.http1AndEnd(
        "chunks in HTTP/1.0",
        "400",
        "POST {maps} HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + ALICE + "\r\n0\r\n\r\n" + NEXT);
    rows.http1AndEnd(
        "lines that end with LF alone", "400", "GET {maps} HTTP/1.1\nHost: h\n\n" + NEXT);
    rows.http1AndEnd(
        "one line that ends with LF alone",
        "400",
        "GET {maps} HTTP/1.1\r\nHost: h\nX: y\r\n" + ALICE + "\r\n" + NEXT);
    for (String body :
        List.of(
            "5;a\nb\r\nhello\r\n0\r\n\r\n",
            "5\nhello\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n",
            "5\r\nhelloooo\r\n0\r\n\r\n",
            "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")) {
      rows.http1AndEnd(
          "chunks " + body.replace("\r", "\\r").replace("\n", "\\n"),
          "40[03]",
          "POST {maps} HTTP/1.1\r\nHost: h\r\n"
              + BOB
              + "Transfer-Encoding: chunked\r\n\r\n"
              + body
              + NEXT);
    }
    rows.http2("transfer-encoding", "GET", "transfer-encoding: chunked");
    rows.http2("content-length without a body", "GET", "content-length: 5");
    rows.http2("two content-length", "GET", "content-length: 0", "content-length: 5");
  }

  private static void browsers(Rows rows) {
    for (String origin : List.of("https://evil.example", "null")) {
      rows.http1(
          "WebSocket with a cookie from " + origin,
          "401",
          "GET {maps}?watch=true HTTP/1.1\r\nHost: h\r\nOrigin: "
              + origin
              + "\r\nCookie: token="
              + User.ALICE.token()
              + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
      rows.both(
          "a request with a cookie from " + origin,
          "401",
          site -> List.of("Origin: " + origin, "Cookie: token=" + User.ALICE.token()));
    }
  }

  private static void rights(Rows rows) {
    rights(rows, RefusalSite.ERIN, "another group", "GET", "/apis/extensions/v1{ns}/deployments");
    rights(rows, RefusalSite.ERIN, "the core group", "GET", "/api/v1{ns}/deployments");
    rights(rows, RefusalSite.FRANK, "watch", "GET", "/api/v1{ns}/pods?watch=true");
    rights(rows, RefusalSite.FRANK, "watch escaped", "GET", "/api/v1{ns}/pods?w%61tch=1");
    rights(rows, RefusalSite.FRANK, "watch in the path", "GET", "/api/v1/watch{ns}/pods");
    rights(rows, RefusalSite.FRANK, "exec by POST", "POST", "/api/v1{ns}/pods/p/exec?command=ls");
    rights(rows, RefusalSite.FRANK, "exec by GET", "GET", "/api/v1{ns}/pods/p/exec?command=ls");
    rights(rows, User.BOB.token(), "a node's proxy", "GET", "/api/v1/nodes/n/proxy/run?x={mark}");
    rows.http1AndEnd(
        "exec by WebSocket",
        "403",
        "GET /clusters/real/api/v1/namespaces/default/pods/p/exec?command=ls HTTP/1.1\r\nHost: h\r\n"
            + BOB
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            + NEXT);
  }

  private static void rights(Rows rows, String token, String name, String method, String target) {
    rows.both(
        name,
        "403",
        method,
        "h",
        (site, mark) ->
            "/clusters/real"
                + target.replace("{ns}", "/namespaces/" + mark).replace("{mark}", mark),
        site -> as(token));
  }
}
