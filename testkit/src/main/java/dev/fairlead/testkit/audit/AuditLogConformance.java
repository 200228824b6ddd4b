package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Outcome;
import dev.fairlead.api.audit.AuditLog;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import dev.fairlead.api.audit.AuditSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link AuditLog} has to do. Extend it with a sink and the log that reads it. */
public abstract class AuditLogConformance {

  private AuditSink sink;
  private AuditLog log;

  /** For subclasses. */
  protected AuditLogConformance() {}

  /**
   * Makes an empty sink with room for 1,000 events, which the kit closes.
   *
   * @return what the kit writes to
   * @throws Exception if that fails
   */
  protected abstract AuditSink create() throws Exception;

  /**
   * The log of the sink that was made last.
   *
   * @return what is to be tested
   * @throws Exception if that fails
   */
  protected abstract AuditLog log() throws Exception;

  @BeforeEach
  final void make() throws Exception {
    sink = create();
    log = log();
  }

  @AfterEach
  final void close() {
    sink.close();
  }

  @Test
  void eventComesBackAsItWas() throws Exception {
    AuditEvent event =
        SampleEvents.completed("a", 201)
            .by(
                Identity.user("jane").inGroups("ops"),
                new Identity("alice", "8", List.of("dev"), java.util.Map.of()));
    append(event);
    assertThat(log.find(AuditQuery.all()).events()).containsExactly(event);
  }

  @Test
  void eventThatSaysLittleComesBackToo() throws Exception {
    AuditEvent event =
        AuditEvent.received(
            "a", "", "/livez", RequestInfo.nonResource("get", "/livez"), SampleEvents.NOON);
    append(event);
    assertThat(log.find(AuditQuery.all()).events()).containsExactly(event);
  }

  @Test
  void hostileTextComesBack() throws Exception {
    AuditEvent event = SampleEvents.hostile("a");
    append(event);
    assertThat(log.find(AuditQuery.all()).events()).containsExactly(event);
  }

  @Test
  void emptyLogHasNoPages() {
    AuditPage page = log.find(AuditQuery.all());
    assertThat(page.events()).isEmpty();
    assertThat(page.continueToken()).isNull();
  }

  @Test
  void newestComesFirst() throws Exception {
    append("a", "b", "c");
    assertThat(ids(AuditQuery.all())).containsExactly("c", "b", "a");
  }

  @Test
  void eachFilterLeavesOutWhatDoesNotFit() throws Exception {
    append(SampleEvents.of("a", "jane", "prod-eu", "get", SampleEvents.NOON));
    append(SampleEvents.of("b", "mary", "prod-eu", "delete", SampleEvents.NOON.plusSeconds(60)));
    append(
        SampleEvents.completed(
            SampleEvents.of("c", "jane", "prod-us", "delete", SampleEvents.NOON.plusSeconds(120)),
            403));
    append(
        SampleEvents.completed(
            SampleEvents.of("d", "root", "prod-us", "list", SampleEvents.NOON.plusSeconds(180))
                .by(Identity.user("root"), Identity.user("jane")),
            200));
    AuditQuery all = AuditQuery.all();
    assertThat(ids(all.by("jane"))).containsExactly("d", "c", "a");
    assertThat(ids(all.by("nobody"))).isEmpty();
    assertThat(ids(all.on(ClusterName.of("prod-us")))).containsExactly("d", "c");
    assertThat(ids(all.doing("delete"))).containsExactly("c", "b");
    assertThat(ids(all.endingIn(Outcome.PENDING))).containsExactly("b", "a");
    assertThat(ids(all.endingIn(Outcome.REFUSED))).containsExactly("c");
    assertThat(ids(all.endingIn(Outcome.SUCCEEDED))).containsExactly("d");
    assertThat(ids(all.endingIn(Outcome.FAILED))).isEmpty();
    assertThat(
            ids(all.between(SampleEvents.NOON.plusSeconds(60), SampleEvents.NOON.plusSeconds(180))))
        .as("the beginning included, the end not")
        .containsExactly("c", "b");
    assertThat(ids(all.between(SampleEvents.NOON.plus(Duration.ofDays(9)), null))).isEmpty();
    assertThat(ids(all.between(null, SampleEvents.NOON))).isEmpty();
    assertThat(ids(all.by("jane").on(ClusterName.of("prod-us")).doing("delete")))
        .containsExactly("c");
  }

  @Test
  void pagesTogetherAreAllOfIt() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 57; i++) {
      append(
          SampleEvents.of("e" + i, i % 3 == 0 ? "mary" : "jane", "dev", "get", SampleEvents.NOON));
      if (i % 3 == 0) {
        expected.add(0, "e" + i);
      }
    }
    for (int limit : new int[] {1, 7, 19, 20, 1_000}) {
      assertThat(allPages(AuditQuery.all().by("mary").atMost(limit), null))
          .as("by %d", limit)
          .isEqualTo(expected);
    }
  }

  @Test
  void whatIsWrittenMeanwhileMovesNoPage() throws Exception {
    append("a", "b", "c", "d", "e");
    List<String> found = allPages(AuditQuery.all().atMost(2), () -> append("new", "newer"));
    assertThat(found).containsExactly("e", "d", "c", "b", "a");
  }

  @Test
  void tokenOfSomebodyElseIsRefused() throws Exception {
    append("a", "b", "c");
    for (String token :
        List.of(
            "", "x", "1", "-1", "1-", "1-1-1", "0-99999999999999999999", "1-999999999", "1-7")) {
      assertThatThrownBy(() -> log.find(AuditQuery.all().after(token)))
          .as(token)
          .isInstanceOf(InvalidException.class)
          .hasMessageContaining("token");
    }
  }

  @Test
  void pagesHaveALimit() {
    assertThatThrownBy(() -> AuditQuery.all().atMost(0)).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> AuditQuery.all().atMost(AuditQuery.MOST + 1))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("1001");
  }

  /** Something that is done between two pages. */
  @FunctionalInterface
  private interface Meanwhile {
    void run() throws Exception;
  }

  private List<String> allPages(AuditQuery query, @Nullable Meanwhile meanwhile) throws Exception {
    List<String> found = new ArrayList<>();
    AuditPage page = log.find(query);
    for (int pages = 0; pages < 1_000; pages++) {
      assertThat(page.events()).hasSizeLessThanOrEqualTo(query.limit());
      page.events().forEach(event -> found.add(event.auditId()));
      String token = page.continueToken();
      if (token == null) {
        return found;
      }
      if (meanwhile != null) {
        meanwhile.run();
      }
      page = log.find(query.after(token));
    }
    throw new AssertionError("1,000 pages and no end");
  }

  private List<String> ids(AuditQuery query) throws Exception {
    return allPages(query, null);
  }

  private void append(String... ids) throws Exception {
    for (String id : ids) {
      append(SampleEvents.received(id));
    }
  }

  private void append(AuditEvent event) throws Exception {
    sink.append(event).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
