package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What can go wrong at a site. Each is told, and is over when all works again. */
final class SoakFaults {

  /** One of them. */
  record Fault(String name, Happening happening) {}

  @FunctionalInterface
  interface Happening {
    void happen() throws Exception;
  }

  /** A silent peer is found out within 15 s. */
  private static final Duration TOLD = Duration.ofSeconds(25);

  private static final Duration BACK = Duration.ofSeconds(60);

  /** Longer than it takes to ping. */
  private static final Duration STEADY = Duration.ofSeconds(5);

  private static final Duration HOURS = Duration.ofHours(2);

  /** An agent's certificate lives a day. */
  private static final Duration DAY = Duration.ofHours(25);

  private final SoakSite site;
  private final SoakUsers users;

  SoakFaults(SoakSite site, SoakUsers users) {
    this.site = site;
    this.users = users;
  }

  List<Fault> all() {
    return List.of(
        new Fault("the line is long", this::longLine),
        new Fault("the line is cut", this::cutLine),
        new Fault("packets are lost", this::lostPackets),
        new Fault("the cable is pulled", this::pulledCable),
        new Fault("the agent is killed", () -> killed(site::killAgent)),
        new Fault("the hub is killed", () -> killed(site::killHub)),
        new Fault("the agent stops", this::stoppedAgent),
        new Fault("the hub stops", this::stoppedHub),
        new Fault("the disk is full", this::fullDisk),
        new Fault("the hub's clock jumps", () -> jumps(site.hubClock)),
        new Fault("the agent's clock jumps", () -> jumps(site.agentClock)),
        new Fault("certificates are over at the hub", () -> refuses(site.hubClock, DAY)),
        new Fault("certificates are yet to come", () -> refuses(site.hubClock, HOURS.negated())),
        new Fault("certificates are over at the agent", () -> refuses(site.agentClock, DAY)),
        new Fault("the hub begins in the future", this::hubFromTheFuture));
  }

  private void longLine() {
    site.line.delay(50);
    last(6);
    awaitWorking();
    site.line.delay(0);
  }

  private void cutLine() {
    for (int i = 0; i < 3; i++) {
      site.line.cut();
      awaitWorking();
    }
  }

  private void lostPackets() {
    for (int i = 0; i < 8; i++) {
      site.network.pull();
      last(0.2);
      site.network.plugIn();
      last(0.8);
    }
    awaitWorking();
  }

  private void pulledCable() {
    site.network.pull();
    awaitUnavailable();
    last(3);
    site.network.plugIn();
    awaitWorking();
  }

  private void killed(Runnable kill) {
    kill.run();
    awaitWorking();
  }

  private void stoppedAgent() {
    site.signal(site.agent(), "STOP");
    awaitUnavailable();
    site.signal(site.agent(), "CONT");
    awaitWorking();
  }

  private void stoppedHub() {
    site.signal(site.hub(), "STOP");
    last(5);
    site.signal(site.hub(), "CONT");
    awaitWorking();
  }

  private void fullDisk() throws Exception {
    site.fillDisk();
    await("nothing goes on unrecorded", TOLD, () -> users.ask() == 500);
    site.emptyDisk();
    awaitWorking();
  }

  /** Nobody is to notice: neither what is under way, nor the tunnel, nor a new request. */
  private void jumps(SoakClock clock) {
    await("a watch goes on", BACK, () -> users.watch() > 0);
    int watch = users.watch();
    int dialled = site.line.accepted();
    for (Duration ahead : List.of(HOURS, DAY, HOURS.negated(), Duration.ZERO)) {
      clock.set(ahead);
      long end = System.nanoTime() + STEADY.toNanos();
      for (; System.nanoTime() < end; last(0.2)) {
        assertThat(users.ask()).as("what a request is answered").isEqualTo(200);
      }
      assertThat(users.watch()).as("the watch that is under way").isEqualTo(watch);
      assertThat(site.line.accepted()).as("tunnels that were opened").isEqualTo(dialled);
    }
  }

  /** No new tunnel while certificates do not hold, which requests are told; then all is well. */
  private void refuses(SoakClock clock, Duration ahead) {
    clock.set(ahead);
    site.line.cut();
    awaitUnavailable();
    last(5);
    assertThat(users.ask()).as("what a request is answered").isEqualTo(503);
    clock.set(Duration.ZERO);
    awaitWorking();
  }

  /** What it shows then begins in the future as well, for those whose clock is right. */
  private void hubFromTheFuture() {
    site.hubClock.set(HOURS);
    site.killHub();
    last(3);
    site.hubClock.set(Duration.ZERO);
    await("requests are answered", BACK.multipliedBy(2), () -> users.ask() == 200);
  }

  void awaitWorking() {
    await("requests are answered", BACK, () -> users.ask() == 200);
  }

  private void awaitUnavailable() {
    await("the cluster is unavailable", TOLD, () -> users.ask() == 503);
  }

  static void await(String what, Duration longest, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(longest).pollInterval(Duration.ofMillis(200)).until(condition);
  }

  /** What lasts lasts so long. */
  static void last(double seconds) {
    try {
      TimeUnit.MILLISECONDS.sleep((long) (1_000 * seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
