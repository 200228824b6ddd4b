package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Agent;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.api.TransportException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A wall clock is wrong for a while, at the agent or at the hub. */
class WrongClockTest extends EnrolmentFixture {

  /** Until a try failed so; it goes on trying. */
  private static void awaitTry(FairleadAgent agent, String expected) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String last = "";
    while (!last.contains(expected)) {
      assertThat(System.nanoTime()).as(last).isLessThan(end);
      try {
        agent.awaitConnected(Duration.ofMillis(50));
      } catch (TimeoutException e) {
        last = String.valueOf(e.getMessage());
      }
    }
    assertThat(agent.state()).isEqualTo(Agent.State.CONNECTING);
  }

  @Test
  void agentWhoseClockWasADayAheadComesBackWithItsCertificate() throws Exception {
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      TestHub.Tunnel first = hub.tunnel();
      BigInteger serial = nextSerial();
      time.manual().jump(Duration.ofHours(25));
      first.end.abort(new TransportException("the line is cut"));
      awaitTry(agent, "expired");
      time.manual().jump(Duration.ofHours(-25));
      hub.tunnel();
      assertThat(nextSerial()).isEqualTo(serial);
    }
  }

  @Test
  void agentComesBackToAHubWhoseClockWasADayAhead() throws Exception {
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      TestHub.Tunnel first = hub.tunnel();
      BigInteger serial = nextSerial();
      hubAhead = Duration.ofHours(25);
      first.end.abort(new TransportException("the line is cut"));
      awaitTry(agent, "the agent's certificate: ");
      hubAhead = Duration.ZERO;
      hub.tunnel();
      assertThat(nextSerial()).isEqualTo(serial);
    }
  }

  @Test
  void certificateThatWasOverForAWhileIsRenewedAllTheSame() throws Exception {
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      BigInteger serial = nextSerial();
      time.manual().jump(Duration.ofHours(25));
      time.manual().advance(Duration.ofHours(1));
      time.manual().jump(Duration.ofHours(-9));
      hub.tunnel();
      assertThat(nextSerial()).isNotEqualTo(serial);
    }
  }

  @Test
  void agentWhoseClockIsAheadDoesNotRenewWithoutEnd() throws Exception {
    AtomicInteger renewals = new AtomicInteger();
    hub.renew =
        (peer, csr) -> {
          renewals.incrementAndGet();
          return issue(csr);
        };
    time.manual().jump(Duration.ofHours(20));
    hubAhead = Duration.ofHours(-20);
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      hub.tunnel();
      assertThat(renewals.get()).isEqualTo(1);
      time.manual().advance(Duration.ofMinutes(10));
      hub.tunnel();
      assertThat(renewals.get()).isEqualTo(2);
    }
  }
}
