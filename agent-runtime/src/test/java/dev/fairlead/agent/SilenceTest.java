package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An API server that is stopped without a word. */
class SilenceTest {

  @Test
  void silentApiServerIsReportedWithinFifteenSecondsAndUsedAgainWhenItSpeaks() throws Exception {
    ManualTime time = ManualTime.create();
    ManualTime hubTime = ManualTime.create();
    try (TestHub hub = new TestHub(hubTime);
        TestApiServer api = new TestApiServer();
        FairleadAgent agent =
            FairleadAgent.builder()
                .dial(hub.local())
                .withoutCredentials()
                .cluster(api.address())
                .time(time)
                .drainFor(Duration.ZERO)
                .build()) {
      agent.start();
      TestHub.Tunnel tunnel = hub.tunnel();
      AgentReport report = tunnel.report();
      while (report.version() == null) {
        report = tunnel.report();
      }
      assertThat(report).isEqualTo(new AgentReport(true, "v1.33.1"));
      Answer pending = tunnel.get("/api/v1/pods?watch=true");
      api.request();
      Answer read = ShortReadsTest.byHttp1(api, tunnel).answer();
      api.fallSilent();
      settle(tunnel);
      int atRest = time.scheduled();
      for (int second = 1; second <= 15 && tunnel.reports.isEmpty(); second++) {
        time.advance(Duration.ofSeconds(1));
        settle(tunnel);
        awaitNext(time, atRest, tunnel);
      }
      assertThat(tunnel.report()).isEqualTo(new AgentReport(false, "v1.33.1"));
      assertThat(pending.status()).isEqualTo("503");
      assertThat(read.status()).isEqualTo("503");
      api.speakAgain();
      AgentReport again = null;
      for (int tries = 0; again == null && tries < 20; tries++) {
        time.advance(Duration.ofSeconds(5));
        again = tunnel.reports.poll(1, TimeUnit.SECONDS);
      }
      assertThat(again).isEqualTo(new AgentReport(true, "v1.33.1"));
    }
  }

  /**
   * What the agent did not do yet when its time came: whatever ran schedules what comes after it.
   * Without this, a slow thread would begin its part later than its clock says.
   */
  private static void awaitNext(ManualTime time, int atRest, TestHub.Tunnel tunnel) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (time.scheduled() < atRest && tunnel.reports.isEmpty() && System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  /** A refused exchange crosses the tunnel both ways and both of the agent's loops. */
  private static void settle(TestHub.Tunnel tunnel) {
    assertThat(tunnel.get("/..").status()).isEqualTo("400");
  }
}
