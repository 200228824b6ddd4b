package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Pipe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Callbacks: one at a time, never from within a call, none after the last; and readiness. */
abstract class CallbackCases extends TransferCases {

  /** Time for a callback that must not come; too short only makes the case weaker, never wrong. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final int SMALL = 512;

  @Test
  void callbacksComeOneAtATime() {
    Connection pipe = connect();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    pipe.hub()
        .seen()
        .onData(
            data -> {
              inside.countDown();
              awaitCount(release);
            });
    pipe.hub().request(10);
    pipe.agent().send(new byte[] {0});
    awaitCount(inside);
    for (int i = 1; i < 10; i++) {
      pipe.agent().send(new byte[] {(byte) i});
    }
    pipe.agent().pipe().end();
    boolean another = pipe.hub().seen().breachesWithin(PAUSE);
    release.countDown();
    assertThat(another).as("a callback while another runs").isFalse();
    pipe.hub().seen().awaitEnd();
    assertThat(pipe.hub().seen().bytes()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void noCallbackComesFromWithinACall() {
    Connection pipe = connect();
    pipe.agent().send(new byte[] {1});
    pipe.agent().send(new byte[] {2});
    pipe.hub().send(new byte[] {3});
    pipe.agent().request(1);
    pipe.agent().seen().awaitBytes(1);
    pipe.hub().request(1);
    pipe.hub().seen().awaitBytes(1);
    pipe.hub().request(10);
    pipe.hub().seen().awaitBytes(2);
    pipe.agent().pipe().end();
    pipe.hub().seen().awaitEnd();
    pipe.hub().pipe().end();
    pipe.hub().seen().awaitClosed();
    Connection aborted = connect();
    aborted.hub().pipe().abort(new IllegalStateException("enough"));
    aborted.hub().seen().awaitClosed();
    aborted.agent().seen().awaitClosed();
  }

  @Test
  void noCallbackFollowsTheClose() {
    Connection pipe = connect();
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.agent().request(Integer.MAX_VALUE);
    for (int i = 0; i < 10 && pipe.agent().pipe().isReady(); i++) {
      pipe.agent().send(new byte[1000]);
    }
    pipe.hub().pipe().abort(new IllegalStateException("enough"));
    pipe.hub().seen().awaitClosed();
    pipe.agent().seen().awaitClosed();
    assertThat(pipe.hub().seen().breachesWithin(PAUSE)).isFalse();
    assertThat(pipe.agent().seen().breachesWithin(PAUSE)).isFalse();
  }

  @Test
  void aPipeIsNotReadyBeforeTheHubHasTakenIt() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    FakeEndpoint welcoming = welcoming();
    HubTransport hub = newHub();
    hub.start(
        new FakeEndpoint(
            hubTls(),
            (pipe, peer) -> {
              blocked.countDown();
              awaitCount(release);
              welcoming.accept(pipe, peer);
            }));
    End agent = dial(closing(agent(hub.address())));
    boolean atTheStart = agent.pipe().isReady();
    awaitCount(blocked);
    boolean whileTheHubThinks = agent.pipe().isReady();
    release.countDown();
    assertThat(atTheStart).isFalse();
    assertThat(whileTheHubThinks).isFalse();
    agent.seen().awaitReadies(1);
    assertThat(agent.pipe().isReady()).isTrue();
  }

  @Test
  void bytesWrittenInTheFirstOnReadyArrive() {
    listen();
    End agent = new End(new WatchedPipe(dialler().dial(agentTls())), recorder("agent"));
    agent.seen().onReady(() -> agent.send(new byte[] {1, 2, 3}));
    agent.pipe().start(agent.seen());
    End hub = accepted();
    hub.request(1);
    hub.seen().awaitBytes(3);
    assertThat(hub.seen().bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void manySmallWritesToAStalledPeerAreBoundedToo() {
    Connection pipe = connect();
    byte[] small = random(SMALL, 40);
    long accepted = 0;
    while (accepted <= mostBytesInFlight()) {
      int seen = pipe.agent().seen().readies();
      if (pipe.agent().pipe().isReady()) {
        pipe.agent().send(small);
        accepted += SMALL;
      } else if (!pipe.agent().seen().readyAgain(seen, PAUSE)) {
        break;
      }
    }
    assertThat(accepted)
        .as("bytes taken while nobody reads")
        .isLessThanOrEqualTo(mostBytesInFlight());
    pipe.hub().seen().counting();
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.hub().seen().awaitBytes(accepted);
  }

  @Test
  void everythingWrittenBeforeTheEndArrivesBeforeIt() throws Exception {
    Connection pipe = connect();
    byte[] sent = random(1 << 20, 41);
    pipe.hub().seen().onData(data -> pipe.hub().request(1));
    pipe.hub().request(1);
    CompletableFuture<Void> sending =
        aside(
            () -> {
              pump(pipe.agent(), sent, 42);
              pipe.agent().pipe().end();
            });
    pipe.hub().seen().awaitEnd();
    assertThat(pipe.hub().seen().bytes()).isEqualTo(sent);
    sending.join();
  }

  @Test
  void aPipeWhoseListenerIsBusyDoesNotBlockItsCaller() {
    Connection pipe = connect();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    pipe.hub()
        .seen()
        .onData(
            data -> {
              inside.countDown();
              try {
                awaitCount(release);
              } finally {
                left.set(true);
              }
            });
    pipe.hub().request(1);
    pipe.agent().send(new byte[] {1});
    awaitCount(inside);
    CompletableFuture<Void> calls =
        aside(
            () -> {
              pipe.hub().request(1);
              pipe.hub().send(new byte[] {2});
              pipe.hub().pipe().end();
              pipe.hub().pipe().abort(new IllegalStateException("enough"));
            });
    // A callback that has lost its patience holds nobody up any more.
    boolean returned = within(calls) && !left.get();
    release.countDown();
    assertThat(returned).as("calls return while a callback runs").isTrue();
    pipe.hub().seen().awaitClosed();
  }

  private boolean within(CompletableFuture<Void> calls) {
    CountDownLatch done = new CountDownLatch(1);
    calls.whenComplete((nothing, failure) -> done.countDown());
    awaitCount(done);
    return !calls.isCompletedExceptionally();
  }

  @Test
  void aReaderThatTakesOneChunkAtATimeGetsEverything() {
    Connection pipe = connect();
    pipe.agent().send(random(Pipe.MAX_CHUNK, 43));
    pipe.agent().send(random(1, 44));
    pipe.agent().pipe().end();
    long before = -1;
    while (pipe.hub().seen().ends() == 0) {
      long chunks = pipe.hub().seen().chunkCount();
      assertThat(chunks).as("chunks after one more of demand").isGreaterThan(before);
      before = chunks;
      pipe.hub().request(1);
      pipe.hub().seen().awaitChunksOrEnd(chunks + 1);
    }
    assertThat(pipe.hub().seen().received()).isEqualTo(Pipe.MAX_CHUNK + 1L);
  }
}
