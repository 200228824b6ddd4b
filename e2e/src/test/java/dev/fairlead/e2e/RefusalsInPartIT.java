package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.auth.oidc.OidcAuthenticator;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.e2e.RefusalRow.Rows;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What arrives at the real API server is what was allowed, whatever else was sent with it; and what
 * was allowed ends when its grounds do. The numbers are those of the table in docs/security.md.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class RefusalsInPartIT {

  private static final int MANY_GROUPS = 500;
  private static final String WEBSOCKET =
      "Connection: foo, Upgrade, Impersonate-User, Impersonate-Group, Authorization, Audit-Id\r\n"
          + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  private static final String SPDY =
      "Connection: foo, Upgrade, Impersonate-User, Impersonate-Group, Authorization, Audit-Id\r\n"
          + "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n";

  private RefusalSite site;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  /** The API server's last record of the only request that acted for somebody. */
  private String recordOf(String mark, ApiServerTrail trail) throws Exception {
    site.marker(mark);
    List<String> found =
        trail.until("after-" + mark).stream()
            .filter(ApiServerTrail::isOfTheAgent)
            .filter(line -> !line.contains("after-" + mark))
            .toList();
    assertThat(found.stream().map(RefusalsInPartIT::auditId).distinct()).hasSize(1);
    return found.get(found.size() - 1);
  }

  private static String auditId(String record) {
    return record.replaceFirst(".*\"auditID\":\"([^\"]*)\".*", "$1");
  }

  private void assertOwnAuditId(String record) {
    assertThat(site.audit.kept.events()).anyMatch(event -> event.auditId().equals(auditId(record)));
  }

  private static void assertIsAlice(String record) {
    assertThat(record)
        .contains("\"impersonatedUser\":{\"username\":\"alice\",\"uid\":\"uid-of-alice\"")
        .contains("\"groups\":[\"dev\",\"admins\",\"system:authenticated\"]");
  }

  @Test
  void row03FieldsThatConnectionNamesStillArrive() throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    Wire.Answer answer =
        Wire.http1(
            site,
            Wire.request(
                "GET",
                Rows.maps("row-03"),
                "h",
                Rows.as(
                    User.ALICE.token(),
                    "Connection: foo, Impersonate-User, Impersonate-Group, Authorization, Audit-Id")),
            false);
    assertThat(answer.status()).isEqualTo("200");
    String record = recordOf("row-03", trail);
    assertIsAlice(record);
    assertOwnAuditId(record);
  }

  @Test
  void row04FieldsThatConnectionNamesStillArriveWithUpgrades() throws Exception {
    for (String upgrade : List.of("GET " + WEBSOCKET, "POST " + SPDY)) {
      String mark = "row-04-" + upgrade.substring(0, 3).toLowerCase(java.util.Locale.ROOT);
      ApiServerTrail trail = ApiServerTrail.from(site.plane);
      int space = upgrade.indexOf(' ');
      Wire.Answer answer =
          Wire.http1(
              site,
              upgrade.substring(0, space)
                  + " /clusters/real/api/v1/namespaces/"
                  + mark
                  + "/pods/p/exec?command=ls&stdout=true HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                  + User.ALICE.token()
                  + "\r\n"
                  + upgrade.substring(space + 1),
              false);
      // There is no such pod, says the cluster.
      assertThat(answer.status()).as("%s", answer).isEqualTo("404");
      String record = recordOf(mark, trail);
      assertIsAlice(record);
      assertOwnAuditId(record);
    }
  }

  @Test
  void row06AgentRefusesKubernetesOwnNamesWhateverTheHubSays() throws Exception {
    for (Identity identity :
        List.of(
            Identity.user("root").inGroups("system:masters"),
            Identity.user("system:serviceaccount:kube-system:default"))) {
      String mark = "row-06-" + identity.username().length();
      ApiServerTrail trail = ApiServerTrail.from(site.plane);
      Http2Headers head =
          Heads.create().method("GET").path(RefusalSite.path(mark)).scheme("https").authority("h");
      UserSide user = new UserSide(site.hub.eventLoops().next());
      ClusterRequest where =
          new ClusterRequest(
              ClusterName.of("real"), RequestTarget.parse(RefusalSite.path(mark + "-x")));
      user.executor()
          .execute(
              () ->
                  site.hub
                      .exchanges()
                      .serve(user, head, true, where, new Caller(identity, "test", "", "")));
      assertThat(user.status.get(30, TimeUnit.SECONDS)).isEqualTo("403");
      site.nothingArrived(trail, mark);
    }
  }

  @Test
  void row07GroupsArriveWholeOrNotAtAll() throws Exception {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < MANY_GROUPS; i++) {
      groups.add("g-" + i);
    }
    groups.add("a,b");
    groups.add("caf\u00e9");
    groups.add("admins");
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    Wire.Answer answer =
        Wire.http1(site, Wire.get(Rows.maps("row-07"), site.issuer.token("groups", groups)), false);
    assertThat(answer.status()).as("%s", answer).isEqualTo("200");
    assertThat(recordOf("row-07", trail))
        .contains("\"groups\":[\"" + String.join("\",\"", groups) + "\",\"system:authenticated\"]");
  }

  @Test
  void row08WhatProxiesSayOfUsersIsNotBelieved() throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    Wire.Answer answer =
        Wire.http1(
            site,
            Wire.request(
                "GET",
                Rows.maps("row-08"),
                "h",
                Rows.as(
                    User.ALICE.token(),
                    "X-Remote-User: root",
                    "X-Remote-Group: system:masters",
                    "X-Remote-Extra-Scopes: all",
                    "X_Remote_User: root",
                    "X-Forwarded-For: 203.0.113.66",
                    "X-Real-Ip: 203.0.113.66",
                    "Forwarded: for=203.0.113.66",
                    "Audit-ID: 11111111-2222-3333-4444-555555555555")),
            false);
    assertThat(answer.status()).isEqualTo("200");
    String record = recordOf("row-08", trail);
    assertIsAlice(record);
    assertOwnAuditId(record);
    assertThat(record).doesNotContain("203.0.113.66", "11111111-2222", "root");
    assertThat(site.audit.kept.events())
        .filteredOn(event -> event.requestUri().contains("row-08"))
        .allMatch(event -> event.sourceIps().equals(List.of("127.0.0.1")));
  }

  @Test
  void row13IssuerOverPlainHttpIsNoIssuer() {
    assertThatThrownBy(
            () -> OidcAuthenticator.issuer("http://issuer.example").audience("fairlead").build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("https");
  }

  @Test
  void row19NothingFollowsAnUpgradeThatWasRefused() throws Exception {
    for (User user : List.of(User.BOB, User.ALICE)) {
      String mark = "row-19-" + user.username();
      ApiServerTrail trail = ApiServerTrail.from(site.plane);
      Wire.Answer answer =
          Wire.http1(
              site,
              "POST /clusters/real/api/v1/namespaces/default/pods/no-such/exec?command=ls HTTP/1.1\r\n"
                  + "Host: h\r\nAuthorization: Bearer "
                  + user.token()
                  + "\r\n"
                  + SPDY
                  + Wire.get(Rows.maps(mark), User.ALICE.token()),
              true);
      assertThat(answer.status()).isEqualTo(user == User.BOB ? "403" : "404");
      site.marker(mark);
      assertThat(trail.until("after-" + mark)).noneMatch(line -> line.contains("/" + mark + "/"));
    }
  }

  @Test
  void row31WhatCannotBeRecordedIsNotSent() throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    site.audit.broken = true;
    try {
      Wire.Answer answer =
          Wire.http1(site, Wire.get(Rows.maps("row-31"), User.ALICE.token()), false);
      assertThat(answer.status()).isEqualTo("500");
      answer.isOfTheHub();
    } finally {
      site.audit.broken = false;
    }
    site.nothingArrived(trail, "row-31");
  }

  @Test
  void row31BodiesAndLineBreaksStayOutOfTheRecord() throws Exception {
    String secret =
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"row-31\"},"
            + "\"stringData\":{\"password\":\"hunter2hunter2\"}}";
    Wire.Answer created =
        Wire.http1(
            site,
            Wire.request(
                    "POST",
                    "/clusters/real/api/v1/namespaces/default/secrets",
                    "h",
                    Rows.as(
                        User.ALICE.token(),
                        "Content-Type: application/json",
                        "Content-Length: " + secret.length()))
                + secret,
            false);
    assertThat(created.status()).as("%s", created).isEqualTo("201");
    Wire.http1(
        site,
        "POST /clusters/real/api/v1/namespaces/default/pods/p/exec?command=a%0D%0Ab HTTP/1.1\r\n"
            + "Host: h\r\nAuthorization: Bearer "
            + User.ALICE.token()
            + "\r\n"
            + SPDY,
        false);
    String records = site.audit.kept.events().toString();
    assertThat(records).contains("/secrets").doesNotContain("hunter2", "a\r\nb", "\r");
  }
}
