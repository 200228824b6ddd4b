package dev.fairlead.testkit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import dev.fairlead.core.exchange.Recording;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of requests is recorded beside that they came and how they ended. */
class RecordingTest {

  private static final String EXEC =
      FleetFixture.PODS + "/p/exec?container=c&command=mysql&%63ommand=-psecret&stdin=true";

  private FleetFixture fixture;

  private FleetAgent start(Recording recording) throws InterruptedException {
    fixture = new FleetFixture(builder -> builder.recording(recording));
    return fixture.agent("a1");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatLastsIsRecordedAtIntervalsWithWhatItCarried() throws Exception {
    try (FleetAgent agent = start(Recording.defaults().withEvery(Duration.ofSeconds(2)))) {
      UserStream watch = fixture.get("alice", FleetFixture.PODS + "?watch=1");
      agent.next().begin();
      assertThat(watch.status()).isEqualTo(200);
      int timers = fixture.time.scheduled();
      fixture.time.advance(Duration.ofSeconds(2));
      fixture.time.advance(Duration.ofSeconds(2));
      List<AuditEvent> events = fixture.audit.events();
      assertThat(events)
          .extracting(AuditEvent::stage)
          .containsExactly(
              Stage.REQUEST_RECEIVED,
              Stage.RESPONSE_STARTED,
              Stage.RESPONSE_STARTED,
              Stage.RESPONSE_STARTED);
      assertThat(events.get(3).annotations())
          .containsEntry("fairlead.dev/duration-ms", "4000")
          .containsKeys("fairlead.dev/bytes-in", "fairlead.dev/bytes-out");
      assertThat(events.get(3).at()).isEqualTo(events.get(0).at().plusSeconds(4));
      agent.vanish();
      fixture.awaitEnded(1);
      assertThat(fixture.time.scheduled()).isLessThan(timers);
      AuditEvent last = fixture.audit.events().get(4);
      assertThat(last.stage()).isEqualTo(Stage.RESPONSE_COMPLETE);
      assertThat(last.annotations()).containsKey("fairlead.dev/close-reason");
    }
  }

  @Test
  void requestThatEndsTellsHowLongItTookAndWhatItCarried() throws Exception {
    try (FleetAgent agent = start(Recording.defaults())) {
      UserStream stream = fixture.get("alice", FleetFixture.PODS);
      FleetAgent.Taken taken = agent.next();
      fixture.time.advance(Duration.ofMillis(1_500));
      taken.answer("list");
      assertThat(stream.answer()).isEqualTo("list");
      fixture.awaitEnded(1);
      assertThat(fixture.audit.events().get(1).annotations())
          .containsEntry("fairlead.dev/duration-ms", "1500")
          .containsEntry("fairlead.dev/bytes-in", "0")
          .containsEntry("fairlead.dev/bytes-out", "4");
    }
  }

  @Test
  void commandsAreMaskedForTheRecordAndNotForTheCluster() throws Exception {
    try (FleetAgent agent = start(Recording.defaults())) {
      fixture.ask("alice", "POST", "dev", EXEC, true);
      FleetAgent.Taken taken = agent.next();
      assertThat(taken.head().head().path()).hasToString(EXEC);
      taken.answer("x");
      fixture.awaitEnded(1);
      assertThat(fixture.audit.events())
          .allSatisfy(
              event ->
                  assertThat(event.requestUri())
                      .isEqualTo(
                          FleetFixture.PODS
                              + "/p/exec?container=c&command=MASKED&%63ommand=MASKED&stdin=true"));
    }
  }

  @Test
  void commandsAreRecordedWhereThatIsWanted() throws Exception {
    try (FleetAgent agent = start(Recording.defaults().withCommands(true))) {
      fixture.ask("alice", "POST", "dev", EXEC, true);
      agent.next().answer("x");
      fixture.awaitEnded(1);
      assertThat(fixture.audit.events().get(0).requestUri()).isEqualTo(EXEC);
    }
  }

  @Test
  void refusalsBeforeAnybodyIsKnownAreRecordedUpToALimit() throws Exception {
    FleetAgent agent = start(Recording.defaults().withRefusals(5));
    agent.close();
    fixture.audit.clear();
    for (int i = 0; i < 12; i++) {
      turnAway("/api?token=abc", null);
    }
    assertThat(fixture.audit.events())
        .hasSize(5)
        .allSatisfy(
            event -> {
              assertThat(event.user()).isNull();
              assertThat(event.responseCode()).isEqualTo(401);
              assertThat(event.sourceIps()).containsExactly("203.0.113.9");
              assertThat(event.annotations()).containsEntry("fairlead.dev/reason", "no credential");
            });
    fixture.time.advance(Duration.ofMinutes(1));
    turnAway(
        FleetFixture.PODS,
        new ClusterRequest(ClusterName.of("dev"), RequestTarget.parse(FleetFixture.PODS)));
    AuditEvent next = fixture.audit.events().get(5);
    assertThat(next.annotations()).containsEntry("fairlead.dev/unrecorded", "7");
    assertThat(next.cluster()).isEqualTo(ClusterName.of("dev"));
    assertThat(next.info().resource()).isEqualTo("pods");
    turnAway("x".repeat(5_000), null);
    assertThat(fixture.audit.events().get(6).requestUri()).hasSize(1_024);
    assertThat(fixture.audit.events().get(6).annotations())
        .doesNotContainKey("fairlead.dev/unrecorded");
  }

  private void turnAway(String path, ClusterRequest where) {
    Http2Headers head = Heads.create().method("GET").path(path);
    fixture.hub.exchanges().turnedAway(head, "203.0.113.9", where, 401, "no credential");
  }

  @Test
  void everyMistakeIsTold() throws Exception {
    start(Recording.defaults()).close();
    assertThatThrownBy(() -> new Recording(Duration.ZERO, false, 0))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("every: PT0S (expected: PT1S to PT24H)")
        .hasMessageContaining("refusals: 0 (expected: 1 to 1000000)");
  }
}
