package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterStatus;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fault 7 in full: as many requests as {@code soak.requests} says, a fifth of them cancelled at any
 * stage, some broken off by the agent, leave no stream, thread, file, timer or byte behind.
 */
abstract class RequestSoak extends FaultFixture {

  private static final Logger log = LoggerFactory.getLogger(RequestSoak.class);
  private static final int REQUESTS = Integer.getInteger("soak.requests", 20_000);
  private static final int AT_ONCE = 48;
  private static final int LONGEST_BODY = 12 << 10;
  private static final int BROKEN_OFF = 50;

  private final Random random = new Random(7);
  private final AtomicInteger served = new AtomicInteger();

  @Test
  @Timeout(value = 2, unit = java.util.concurrent.TimeUnit.HOURS)
  void requestsLeaveNothingBehind() {
    ScriptedAgent agent = agent(DEV);
    ScriptedAgent.Tunnel tunnel = agent.connect();
    tunnel.onExchange = this::serve;
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    run(Math.max(2_000, REQUESTS / 20));
    Holdings before = settled(tunnel);
    long start = System.nanoTime();
    run(REQUESTS);
    long seconds = Math.max(1, (System.nanoTime() - start) / 1_000_000_000);
    Holdings[] after = {settled(tunnel)};
    log.info("{} requests, {} a second; before: {}", REQUESTS, REQUESTS / seconds, before);
    Patience.await(
        "no more than " + before,
        () -> {
          after[0] = settled(tunnel);
          log.info("after: {}", after[0]);
          return after[0].isNoMoreThan(before);
        });
    assertThat(tunnel.closed).isNotDone();
    assertThat(served.get()).isGreaterThan(REQUESTS / 2);
  }

  private Holdings settled(ScriptedAgent.Tunnel tunnel) {
    Patience.await("all is over", () -> tunnel.activeExchanges() == 1);
    settle();
    return Holdings.now(time.scheduled(), tunnel.activeExchanges());
  }

  private void serve(Taken taken) {
    int count = served.incrementAndGet();
    taken.hear(true);
    if (count % BROKEN_OFF == 0) {
      taken.begin();
      taken.stream().reset(dev.fairlead.core.http.Reset.INTERNAL);
      return;
    }
    taken.begin();
    taken.stream().sendData(Unpooled.wrappedBuffer(new byte[count % LONGEST_BODY]), count % 3 == 0);
    if (count % 3 != 0) {
      taken.stream().sendData(Unpooled.wrappedBuffer(new byte[100]), true);
    }
  }

  private void run(int requests) {
    Deque<UserStream> underWay = new ArrayDeque<>();
    for (int i = 0; i < requests; i++) {
      if (underWay.size() >= AT_ONCE) {
        Patience.within(underWay.remove().end());
      }
      boolean upload = i % 4 == 0;
      UserStream user = ask("alice", DEV, upload ? "POST" : "GET", PODS, !upload);
      if (upload) {
        user.send(new byte[random.nextInt(LONGEST_BODY)], true);
      }
      if (i % 5 != 0) {
        underWay.add(user);
      } else if (random.nextBoolean()) {
        user.cancel();
      } else {
        user.status.whenComplete((status, failure) -> user.cancel());
      }
      if (i % 10_000 == 9_999) {
        time.advance(Duration.ofSeconds(1));
      }
    }
    underWay.forEach(user -> Patience.within(user.end()));
  }
}
