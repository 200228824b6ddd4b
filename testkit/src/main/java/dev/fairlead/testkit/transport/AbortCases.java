package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Pipe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An abort from either side, at every stage of a pipe's life, and what comes after it. */
abstract class AbortCases extends ClosingCases {

  private static IllegalStateException cause() {
    return new IllegalStateException("enough");
  }

  private static void assertAborted(End aborting, End peer) {
    IllegalStateException cause = cause();
    aborting.pipe().abort(cause);
    assertThat(aborting.seen().awaitClosed()).isSameAs(cause);
    assertThat(peer.seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void anAbortWhileThePipeConnectsIsTold() {
    listen();
    for (int round = 0; round < 10; round++) {
      End agent = dial(dialler());
      IllegalStateException cause = cause();
      agent.pipe().abort(cause);
      assertThat(agent.seen().awaitClosed()).isSameAs(cause);
    }
  }

  @Test
  void anAbortWhileTheHubStillAcceptsReachesTheHub() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    CompletableFuture<Recorder> atHub = new CompletableFuture<>();
    HubTransport hub = newHub();
    hub.start(
        new FakeEndpoint(
            hubTls(),
            (pipe, peer) -> {
              blocked.countDown();
              awaitCount(release);
              Recorder seen = recorder("hub");
              new WatchedPipe(pipe).start(seen);
              atHub.complete(seen);
            }));
    End agent = dial(closing(agent(hub.address())));
    awaitCount(blocked);
    agent.pipe().abort(cause());
    agent.seen().awaitClosed();
    release.countDown();
    Recorder seen = atHub.get(patience().toNanos(), TimeUnit.NANOSECONDS);
    assertThat(seen.awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void aStalledAgentThatAbortsClosesBothSides() {
    Connection pipe = connect();
    fill(pipe.agent());
    assertAborted(pipe.agent(), pipe.hub());
  }

  @Test
  void aStalledHubThatAbortsClosesBothSides() {
    Connection pipe = connect();
    fill(pipe.hub());
    IllegalStateException cause = cause();
    pipe.hub().pipe().abort(cause);
    assertThat(pipe.hub().seen().awaitClosed()).isSameAs(cause);
    // The news may be behind the bytes.
    pipe.agent().request(Integer.MAX_VALUE);
    assertThat(pipe.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void aReaderThatAbortsFreesAStalledWriter() {
    Connection pipe = connect();
    fill(pipe.agent());
    assertAborted(pipe.hub(), pipe.agent());
  }

  private void fill(End writer) {
    byte[] chunk = random(Pipe.MAX_CHUNK, 50);
    long sent = 0;
    while (writer.pipe().isReady() && sent <= mostBytesInFlight()) {
      writer.send(chunk);
      sent += chunk.length;
    }
  }

  @Test
  void anAbortAfterItsOwnEndClosesBothSides() {
    Connection pipe = connect();
    pipe.agent().pipe().end();
    pipe.hub().seen().awaitEnd();
    assertAborted(pipe.agent(), pipe.hub());
  }

  @Test
  void anAbortAfterThePeersEndClosesBothSides() {
    Connection pipe = connect();
    pipe.agent().pipe().end();
    pipe.hub().seen().awaitEnd();
    assertAborted(pipe.hub(), pipe.agent());
  }

  @Test
  void anAbortAmidTransfersOfBothDirectionsClosesBothSides() throws Exception {
    Connection pipe = connect();
    pipe.hub().seen().counting();
    pipe.agent().seen().counting();
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.agent().request(Integer.MAX_VALUE);
    CompletableFuture<Void> up = aside(() -> pumpUntilClosed(pipe.agent(), Long.MAX_VALUE));
    CompletableFuture<Void> down = aside(() -> pumpUntilClosed(pipe.hub(), Long.MAX_VALUE));
    pipe.hub().seen().awaitBytes(Pipe.MAX_CHUNK);
    pipe.agent().seen().awaitBytes(Pipe.MAX_CHUNK);
    assertAborted(pipe.hub(), pipe.agent());
    up.get(patience().toNanos(), TimeUnit.NANOSECONDS);
    down.get(patience().toNanos(), TimeUnit.NANOSECONDS);
  }

  @Test
  void anAbortOfOnePipeLeavesTheOthers() {
    Connection first = connect();
    Connection second = connect();
    assertAborted(first.hub(), first.agent());
    assertWorks(second);
  }

  static void assertWorks(Connection pipe) {
    pipe.hub().request(1);
    pipe.agent().request(1);
    pipe.agent().send(new byte[] {1});
    pipe.hub().send(new byte[] {2});
    pipe.hub().seen().awaitBytes(1);
    pipe.agent().seen().awaitBytes(1);
    assertThat(pipe.hub().seen().bytes()).containsExactly(1);
    assertThat(pipe.agent().seen().bytes()).containsExactly(2);
    pipe.agent().pipe().end();
    pipe.hub().pipe().end();
    assertThat(pipe.agent().seen().awaitClosed()).isNull();
    assertThat(pipe.hub().seen().awaitClosed()).isNull();
  }

  @Test
  void aPipeAfterAnAbortedOneIsFresh() {
    Connection before = connect();
    before.agent().send(new byte[] {9, 9});
    before.hub().send(new byte[] {9, 9});
    assertAborted(before.agent(), before.hub());
    assertWorks(connect());
  }

  @Test
  void aPipeAfterOneThatEndedInOrderIsFresh() {
    assertWorks(connect());
    assertWorks(connect());
  }

  @Test
  void aListenerThatThrowsWhenToldOfTheCloseHarmsNobody() {
    Connection careless = connect();
    Connection other = connect();
    careless
        .hub()
        .seen()
        .onClosed(
            () -> {
              throw new IllegalStateException("the listener's mistake");
            });
    careless.agent().pipe().abort(cause());
    careless.hub().seen().awaitClosed();
    assertWorks(other);
    assertWorks(connect());
  }

  @Test
  void anErrorOfAListenerAbortsItsPipeToo() {
    Connection pipe = connect();
    AssertionError thrown = new AssertionError("the listener's own");
    pipe.hub()
        .seen()
        .onData(
            data -> {
              throw thrown;
            });
    pipe.hub().request(1);
    pipe.agent().send(new byte[] {1});
    assertThat(pipe.hub().seen().awaitClosed()).isSameAs(thrown);
    assertThat(pipe.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void aPipeThatWasNeverStartedEndsWithItsTransport() {
    listen();
    Pipe never = dialler().dial(agentTls());
    dialler().close();
    Recorder seen = recorder("agent");
    assertThatThrownBy(() -> never.start(seen)).isInstanceOf(IllegalStateException.class);
    assertThat(seen.readies() + seen.closes()).isZero();
  }

  @Test
  void anAgentsTransportMayBeClosedFromWithinACallback() {
    Connection pipe = connect();
    AgentTransport transport = dialler();
    closeFromWithinACallback(pipe.agent(), pipe.hub(), transport);
    assertThatThrownBy(() -> transport.dial(agentTls())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aHubsTransportMayBeClosedFromWithinACallback() {
    Connection pipe = connect();
    closeFromWithinACallback(pipe.hub(), pipe.agent(), listen());
  }

  private void closeFromWithinACallback(End closing, End peer, AutoCloseable transport) {
    CountDownLatch closed = new CountDownLatch(1);
    closing
        .seen()
        .onData(
            data -> {
              try {
                transport.close();
                closed.countDown();
              } catch (Exception failed) {
                throw new AssertionError("a close must not fail", failed);
              }
            });
    closing.request(1);
    peer.send(new byte[] {1});
    awaitCount(closed);
    assertThat(closing.seen().awaitClosed()).isInstanceOf(TransportException.class);
    assertThat(peer.seen().awaitClosed()).isInstanceOf(TransportException.class);
  }
}
