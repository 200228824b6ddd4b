package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hub and agent as processes, over real TCP, while a line is long, cut, flickers and is pulled, one
 * of them is killed or stopped, and a disk is full. Afterwards all is as it was. {@code
 * -Dsoak.rounds} says how often.
 */
class ProcessSoak {

  private static final Logger log = LoggerFactory.getLogger(ProcessSoak.class);
  private static final int ROUNDS = Integer.getInteger("soak.rounds", 1);

  /** A silent peer is found out within 15 s. */
  private static final Duration TOLD = Duration.ofSeconds(25);

  private static final Duration BACK = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(strings = {"", "wss://"})
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whateverBreaksIsToldAndLeavesNothingBehind(String scheme) throws Exception {
    try (SoakSite site = new SoakSite(scheme);
        SoakUsers users = new SoakUsers(site)) {
      awaitWorking(users);
      last(1);
      ProcessHoldings hub = ProcessHoldings.of(site.hub());
      ProcessHoldings agent = ProcessHoldings.of(site.agent());
      users.begin();
      for (int round = 1; round <= ROUNDS; round++) {
        lines(site, users);
        processes(site, users);
        disk(site, users);
        log.info("round {}: {} answered, {} refused", round, users.answered, users.refused);
        assertThat(users.wrong).isEmpty();
      }
      assertThat(users.answered.get()).isGreaterThan(100);
      users.close();
      awaitNoMore("hub", site.hub(), hub);
      awaitNoMore("agent", site.agent(), agent);
      assertThat(site.line.connections()).as("connections of agents").isLessThanOrEqualTo(2);
      assertThat(users.ask()).isEqualTo(200);
    }
  }

  private static void lines(SoakSite site, SoakUsers users) {
    log.info("the line is long");
    site.line.delay(50);
    last(6);
    awaitWorking(users);
    log.info("the line is cut");
    for (int i = 0; i < 3; i++) {
      site.line.cut();
      awaitWorking(users);
    }
    log.info("packets are lost");
    for (int i = 0; i < 8; i++) {
      site.network.pull();
      last(0.2);
      site.network.plugIn();
      last(0.8);
    }
    awaitWorking(users);
    log.info("the cable is pulled");
    site.network.pull();
    await("the cluster is unavailable", TOLD, () -> users.ask() == 503);
    last(3);
    site.network.plugIn();
    awaitWorking(users);
    site.line.delay(0);
  }

  private static void processes(SoakSite site, SoakUsers users) {
    log.info("the agent is killed");
    site.killAgent();
    awaitWorking(users);
    log.info("the hub is killed");
    site.killHub();
    awaitWorking(users);
    log.info("the agent stops");
    site.signal(site.agent(), "STOP");
    await("the cluster is unavailable", TOLD, () -> users.ask() == 503);
    site.signal(site.agent(), "CONT");
    awaitWorking(users);
    log.info("the hub stops");
    site.signal(site.hub(), "STOP");
    last(5);
    site.signal(site.hub(), "CONT");
    awaitWorking(users);
  }

  private static void disk(SoakSite site, SoakUsers users) throws Exception {
    log.info("the disk is full");
    site.fillDisk();
    await("nothing goes on unrecorded", TOLD, () -> users.ask() == 500);
    site.emptyDisk();
    awaitWorking(users);
  }

  private static void awaitWorking(SoakUsers users) {
    await("requests are answered", BACK, () -> users.ask() == 200);
  }

  private static void awaitNoMore(String who, long pid, ProcessHoldings before) {
    await(
        who + " holds no more than " + before,
        BACK,
        () -> {
          ProcessHoldings now = ProcessHoldings.of(pid);
          log.info("{} before: {}, after: {}", who, before, now);
          return now.isNoMoreThan(before);
        });
  }

  private static void await(
      String what, Duration longest, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what).atMost(longest).pollInterval(Duration.ofMillis(200)).until(condition);
  }

  /** What lasts lasts so long. */
  private static void last(double seconds) {
    try {
      TimeUnit.MILLISECONDS.sleep((long) (1_000 * seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
