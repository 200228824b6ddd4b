package dev.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Faults of streams that share a tunnel. */
abstract class StreamFaults extends FaultFixture {

  private static final int MEBIBYTE = 1 << 20;
  private static final int PART = 128 << 10;
  private static final int SOME = 16 << 10;

  private static byte[] random(int bytes, int seed) {
    byte[] data = new byte[bytes];
    new Random(seed).nextBytes(data);
    return data;
  }

  /** In full: with 50 stalled readers the p99 of small requests rises by 2 ms at most. */
  @Test
  void fault01_aSlowReaderStallsNobodyElse() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    List<UserStream> stalled = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stalled.add(stalled(PODS));
      Taken taken = tunnel.next();
      taken.hear(true);
      taken.begin();
      taken.stream().sendData(Unpooled.wrappedBuffer(new byte[MEBIBYTE]), false);
    }
    tunnel.answering("small");
    for (int i = 0; i < 300; i++) {
      assertThat(get(PODS).text()).isEqualTo("small");
    }
    byte[] large = random(2 * MEBIBYTE, 1);
    tunnel.onExchange = taken -> taken.answer(large.clone());
    assertThat(Patience.within(get(PODS).body)).isEqualTo(large);
    assertThat(stalled).noneMatch(one -> one.end().isDone());
  }

  @Test
  void fault03_theEndOfAStreamIsItsOwn() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    byte[] whole = random(MEBIBYTE / 4, 3);
    List<UserStream> users = new ArrayList<>();
    List<Taken> taken = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      users.add(get(PODS + "/" + i));
      Taken one = tunnel.next();
      taken.add(one);
      one.begin();
      one.stream().sendData(Unpooled.wrappedBuffer(whole, 0, 1_000), false);
    }
    for (int i = 0; i < 60; i++) {
      if (i % 3 == 0) {
        users.get(i).cancel();
      } else if (i % 3 == 1) {
        taken.get(i).stream().reset(Reset.INTERNAL);
      } else {
        taken.get(i).stream()
            .sendData(Unpooled.wrappedBuffer(whole, 1_000, whole.length - 1_000), true);
      }
    }
    for (int i = 0; i < 60; i++) {
      if (i % 3 == 1) {
        assertThat(Patience.within(users.get(i).reset)).isEqualTo(Reset.INTERNAL);
      } else if (i % 3 == 2) {
        assertThat(Patience.within(users.get(i).body)).isEqualTo(whole);
      }
    }
  }

  @Test
  void fault04_nothingWaitsForAPeerThatTakesNoBytes() {
    ScriptedAgent agent = agent(DEV);
    agent.connect();
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    ScriptedAgent.Tunnel other = tunnel("other").answering("fine");
    agent.faults.stallReads();
    agent.faults.stallWrites();
    List<UserStream> uploads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      UserStream upload = ask("alice", DEV, "POST", PODS, false);
      upload.send(new byte[MEBIBYTE], false);
      uploads.add(upload);
    }
    assertThat(ask("alice", "other", "GET", PODS, true).text()).isEqualTo("fine");
    assertThat(hub.cluster(DEV).status()).isEqualTo(ClusterStatus.CONNECTED);
    assertThat(hub.fleet().list()).hasSize(2);
    hub.fleet().remove(ClusterName.of(DEV));
    for (UserStream upload : uploads) {
      Patience.within(upload.end());
    }
    assertThat(ask("alice", "other", "GET", PODS, true).text()).isEqualTo("fine");
    assertThat(other.closed).isNotDone();
  }

  @Test
  void fault04_anAgentThatOnlyAnswersPingsIsDegradedAndFailsFast() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV).answering("fine");
    assertThat(get(PODS).text()).isEqualTo("fine");
    tunnel.report(false);
    awaitStatus(DEV, ClusterStatus.DEGRADED);
    UserStream refused = get(PODS);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text()).contains("ServiceUnavailable", "does not reach the API server");
    assertThat(tunnel.count).hasValue(1);
    tunnel.report(true);
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    assertThat(get(PODS).text()).isEqualTo("fine");
  }

  /** In full: ten of 5 GiB in a row. */
  @Test
  void fault05_transfersInARowArriveWhole() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    for (int i = 0; i < 10; i++) {
      byte[] data = random(MEBIBYTE, i);
      UserStream upload = ask("alice", DEV, "POST", PODS, false);
      Taken atAgent = tunnel.next();
      CompletableFuture<byte[]> arrived = atAgent.hear(true).body;
      for (int at = 0; at < data.length; at += PART) {
        byte[] part = java.util.Arrays.copyOfRange(data, at, at + PART);
        upload.send(part, at + PART == data.length);
      }
      byte[] there = Patience.within(arrived);
      assertThat(java.util.Arrays.equals(there, data)).as("upload " + i).isTrue();
      atAgent.answer(there);
      byte[] back = Patience.within(upload.body);
      assertThat(java.util.Arrays.equals(back, data)).as("download " + i).isTrue();
    }
  }

  @Test
  void fault06_aStalledStreamHoldsAMebibyteAtMost() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    UserStream download = stalled(PODS);
    Taken taken = tunnel.next();
    Taken.Heard sender = taken.hear(true);
    taken.begin();
    UserStream upload = ask("alice", DEV, "POST", PODS, false);
    tunnel.next().hear(false);
    for (int i = 0; i < 256; i++) {
      taken.stream().sendData(Unpooled.wrappedBuffer(new byte[SOME]), false);
      upload.send(new byte[SOME], false);
    }
    tunnel.answering("small");
    for (int i = 0; i < 50; i++) {
      assertThat(get(PODS).text()).isEqualTo("small");
    }
    assertThat(download.received).hasValueBetween(1L, (long) MEBIBYTE);
    assertThat(sender.sent).hasValueBetween(1L, (long) MEBIBYTE);
    assertThat(upload.passedOn).hasValueBetween(1L, (long) MEBIBYTE);
  }

  /** In full: a million. */
  @Test
  void fault07_requestsLeaveNothingBehind() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV).answering("done");
    requests(200);
    Patience.await("all is over", () -> tunnel.activeExchanges() == 1);
    settle();
    int timers = time.scheduled();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    requests(2_000);
    Patience.await("all is over", () -> tunnel.activeExchanges() == 1);
    settle();
    assertThat(time.scheduled()).isLessThanOrEqualTo(timers);
    assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
        .isLessThanOrEqualTo(threads + 4);
    assertThat(tunnel.closed).isNotDone();
  }

  private void requests(int count) {
    for (int batch = 0; batch < count; batch += 50) {
      List<UserStream> users = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        UserStream user = get(PODS);
        if (i % 5 == 0) {
          user.cancel();
        } else {
          users.add(user);
        }
      }
      users.forEach(user -> assertThat(user.text()).isEqualTo("done"));
    }
  }

  /** In full: 500 watches and ten million events. */
  @Test
  void fault15_watchesLoseAndMixUpNothing() {
    ScriptedAgent agent = agent(DEV);
    agent.faults.splitInto(777);
    ScriptedAgent.Tunnel tunnel = agent.connect();
    awaitStatus(DEV, ClusterStatus.CONNECTED);
    List<UserStream> watches = new ArrayList<>();
    List<Taken> taken = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      watches.add(get(WATCH + "&labelSelector=n%3D" + i));
      Taken one = tunnel.next();
      one.hear(true);
      one.begin();
      taken.add(one);
    }
    Random random = new Random(15);
    List<StringBuilder> expected = new ArrayList<>();
    taken.forEach(one -> expected.add(new StringBuilder()));
    for (int event = 0; event < 10_000; event++) {
      int which = random.nextInt(taken.size());
      String line = taken.get(which).path() + " " + event + "x".repeat(random.nextInt(60)) + "\n";
      taken.get(which).send(line);
      expected.get(which).append(line);
    }
    taken.forEach(one -> one.stream().sendData(Unpooled.EMPTY_BUFFER, true));
    List<String> shown = new ArrayList<>();
    watches.forEach(watch -> shown.add(watch.text()));
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(StringBuilder::toString).toList());
  }

  /** In full: a thousand a second for ten minutes. */
  @Test
  void fault16_aStormOfCancelsDoesNotCloseTheTunnel() {
    ScriptedAgent.Tunnel tunnel = tunnel(DEV);
    tunnel.onExchange =
        taken -> {
          if (taken.path().equals(WATCH)) {
            taken.begin();
          } else {
            taken.answer("fine");
          }
        };
    for (int burst = 0; burst < 25; burst++) {
      for (int i = 0; i < 200; i++) {
        get(WATCH).cancel();
      }
      assertThat(get(PODS).text()).isEqualTo("fine");
    }
    Patience.await("all is over", () -> tunnel.activeExchanges() == 1);
    assertThat(tunnel.closed).isNotDone();
  }
}
