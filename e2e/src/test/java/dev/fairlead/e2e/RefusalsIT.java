package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that the hub refuses, sent by nothing that would mind them, and the real API server's audit
 * log, in which nothing of them is. The numbers are those of the table in docs/security.md.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class RefusalsIT {

  private final AtomicInteger marks = new AtomicInteger();
  private RefusalSite site;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private String mark(int row) {
    return "row-" + row + "-" + marks.incrementAndGet();
  }

  static List<RefusalRow> rows() {
    return RefusedRequests.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isRefusedAndDoesNotArrive(RefusalRow row) throws Exception {
    String mark = mark(row.number());
    ApiServerTrail trail = ApiServerTrail.from(site.plane);

    Wire.Answer answer = row.sender().send(site, mark);

    assertThat(answer.status()).as("%s", answer).matches(row.expected());
    answer.isOfTheHub();
    site.nothingArrived(trail, mark);
  }

  @Test
  void row12KeysThatATokenNamesAreNeverFetched() {
    assertThat(site.issuer.requests).doesNotContain("/elsewhere");
    assertThat(site.issuer.requests.stream().filter("/jwks"::equals)).hasSizeLessThan(5);
  }

  /** Whatever the token, it is in no record of the hub's. */
  @Test
  void row09TokensAreInNoRecord() throws Exception {
    String secret = "a-secret-of-somebody-0123456789";
    String mark = mark(9);
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    for (String target : List.of("", "?token=" + secret, "?access_token=" + secret)) {
      Wire.http1(
              site,
              Wire.get("/clusters/real" + RefusalSite.path(mark + "x") + target, secret),
              false)
          .isOfTheHub();
    }
    site.nothingArrived(trail, mark);
    assertThat(site.audit.kept.events().toString()).doesNotContain(secret);
  }
}
