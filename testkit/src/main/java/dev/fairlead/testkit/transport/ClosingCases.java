package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a pipe ends: by both directions, by abort, by failure, in every order. */
abstract class ClosingCases extends CallbackCases {

  private static final int RACES = 30;

  @Test
  void theAgentsEndLeavesTheHubsDirectionOpen() {
    Connection pipe = connect();
    halfClose(pipe.agent(), pipe.hub());
  }

  @Test
  void theHubsEndLeavesTheAgentsDirectionOpen() {
    Connection pipe = connect();
    halfClose(pipe.hub(), pipe.agent());
  }

  private static void halfClose(End first, End second) {
    first.send(new byte[] {1, 2});
    first.pipe().end();
    second.request(10);
    second.seen().awaitEnd();
    assertThat(second.seen().bytes()).containsExactly(1, 2);
    byte[] answer = random(1 << 20, 20);
    first.request(Integer.MAX_VALUE);
    pump(second, answer, 21);
    first.seen().awaitBytes(answer.length);
    assertThat(first.seen().bytes()).isEqualTo(answer);
    assertThat(first.seen().closes() + second.seen().closes()).isZero();
    second.pipe().end();
    assertThat(first.seen().awaitClosed()).isNull();
    assertThat(second.seen().awaitClosed()).isNull();
  }

  @Test
  void anEndNeedsNoDemand() {
    Connection pipe = connect();
    pipe.agent().pipe().end();
    pipe.hub().seen().awaitEnd();
    pipe.hub().pipe().end();
    pipe.agent().seen().awaitEnd();
    assertThat(pipe.agent().seen().awaitClosed()).isNull();
    assertThat(pipe.hub().seen().awaitClosed()).isNull();
  }

  @Test
  void theEndWaitsForTheBytesBeforeIt() {
    Connection pipe = connect();
    for (int i = 0; i < 3; i++) {
      pipe.agent().send(new byte[] {(byte) i});
    }
    pipe.agent().pipe().end();
    pipe.hub().request(1);
    pipe.hub().seen().awaitChunks(1);
    // A transport may join small writes into one chunk, which is then all there is.
    if (pipe.hub().seen().ends() > 0) {
      assertThat(pipe.hub().seen().received()).isEqualTo(3);
    }
    pipe.hub().request(2);
    pipe.hub().seen().awaitEnd();
    assertThat(pipe.hub().seen().bytes()).containsExactly(0, 1, 2);
  }

  @Test
  void bothEndsCloseWithoutACause() {
    Connection pipe = connect();
    pipe.agent().request(10);
    pipe.hub().request(10);
    pipe.agent().send(new byte[] {1});
    pipe.hub().send(new byte[] {2});
    pipe.agent().pipe().end();
    pipe.hub().pipe().end();
    assertThat(pipe.agent().seen().awaitClosed()).isNull();
    assertThat(pipe.hub().seen().awaitClosed()).isNull();
    assertThat(pipe.agent().seen().bytes()).containsExactly(2);
    assertThat(pipe.hub().seen().bytes()).containsExactly(1);
  }

  @Test
  void endsFromWithinCallbacksCloseWithoutACause() {
    Connection pipe = connect();
    pipe.hub().seen().onEnd(() -> pipe.hub().pipe().end());
    pipe.agent().pipe().end();
    assertThat(pipe.agent().seen().awaitClosed()).isNull();
    assertThat(pipe.hub().seen().awaitClosed()).isNull();
  }

  @Test
  void endsAtOnceOnBothSidesCloseOnce() throws Exception {
    for (int race = 0; race < RACES; race++) {
      Connection pipe = connect();
      atOnce(() -> pipe.agent().pipe().end(), () -> pipe.hub().pipe().end());
      assertThat(pipe.agent().seen().awaitClosed()).isNull();
      assertThat(pipe.hub().seen().awaitClosed()).isNull();
    }
  }

  @Test
  void aSecondEndDoesNothing() {
    Connection pipe = connect();
    pipe.agent().pipe().end();
    pipe.agent().pipe().end();
    pipe.hub().seen().awaitEnd();
    pipe.hub().pipe().end();
    pipe.hub().pipe().end();
    assertThat(pipe.agent().seen().awaitClosed()).isNull();
    pipe.agent().pipe().end();
  }

  @Test
  void aWriteAfterTheEndIsRefused() {
    Connection pipe = connect();
    pipe.agent().pipe().end();
    assertThat(pipe.agent().pipe().isReady()).isFalse();
    assertThatThrownBy(() -> pipe.agent().send(new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
    pipe.hub().pipe().end();
    assertThatThrownBy(() -> pipe.hub().send(new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAbortByTheAgentClosesBothSidesWithACause() {
    Connection pipe = connect();
    IllegalStateException cause = new IllegalStateException("agent's own reason");
    pipe.agent().pipe().abort(cause);
    assertThat(pipe.agent().seen().awaitClosed()).isSameAs(cause);
    assertThat(pipe.hub().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  @Test
  void anAbortByTheHubClosesBothSidesWithACause() {
    Connection pipe = connect();
    IllegalStateException cause = new IllegalStateException("hub's inner reason");
    pipe.hub().pipe().abort(cause);
    assertThat(pipe.hub().seen().awaitClosed()).isSameAs(cause);
    assertThat(pipe.agent().seen().awaitClosed())
        .isInstanceOf(TransportException.class)
        .message()
        .doesNotContain("inner reason");
  }

  @Test
  void anAbortBecauseTheAgentWasRevokedIsToldAsSuch() {
    Connection pipe = connect();
    pipe.hub().pipe().abort(new UnauthenticatedException("agent a1 was revoked"));
    assertThat(pipe.agent().seen().awaitClosed())
        .isInstanceOf(UnauthenticatedException.class)
        .message()
        .contains("agent a1 was revoked");
  }

  @Test
  void anAbortDropsBytesThatWaitForDemand() {
    Connection pipe = connect();
    pipe.agent().send(new byte[] {1});
    pipe.agent().pipe().end();
    pipe.hub().pipe().abort(new IllegalStateException("enough"));
    pipe.hub().seen().awaitClosed();
    pipe.hub().request(10);
    pipe.agent().seen().awaitClosed();
    assertThat(pipe.hub().seen().received()).isZero();
    assertThat(pipe.hub().seen().ends()).isZero();
  }

  @Test
  void anAbortBeforeTheStartIsToldAtTheStart() {
    listen();
    WatchedPipe pipe = new WatchedPipe(dialler().dial(agentTls()));
    IllegalStateException cause = new IllegalStateException("never mind");
    pipe.abort(cause);
    Recorder seen = recorder("agent");
    pipe.start(seen);
    assertThat(seen.awaitClosed()).isSameAs(cause);
    assertThat(seen.readies()).isZero();
  }

  @Test
  void anAbortFromWithinACallbackCloses() {
    Connection pipe = connect();
    IllegalStateException cause = new IllegalStateException("from onData");
    pipe.hub().seen().onData(data -> pipe.hub().pipe().abort(cause));
    pipe.hub().request(10);
    pipe.agent().send(new byte[] {1});
    pipe.agent().send(new byte[] {2});
    assertThat(pipe.hub().seen().awaitClosed()).isSameAs(cause);
    assertThat(pipe.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);
    assertThat(pipe.hub().seen().chunkCount()).isEqualTo(1);
  }

  @Test
  void abortsFromManyThreadsCloseOnce() throws Exception {
    for (int race = 0; race < RACES; race++) {
      Connection pipe = connect();
      Runnable agentAborts = () -> pipe.agent().pipe().abort(new IllegalStateException("agent"));
      Runnable hubAborts = () -> pipe.hub().pipe().abort(new IllegalStateException("hub"));
      atOnce(agentAborts, agentAborts, hubAborts, hubAborts);
      assertThat(pipe.agent().seen().awaitClosed()).isNotNull();
      assertThat(pipe.hub().seen().awaitClosed()).isNotNull();
    }
  }

  @Test
  void anAbortThatRacesTheEndClosesOnce() throws Exception {
    for (int race = 0; race < RACES; race++) {
      Connection pipe = connect();
      pipe.hub().seen().onEnd(() -> pipe.hub().pipe().end());
      IllegalStateException cause = new IllegalStateException("too late?");
      atOnce(() -> pipe.agent().pipe().end(), () -> pipe.agent().pipe().abort(cause));
      assertThat(pipe.agent().seen().awaitClosed()).isIn(null, cause);
      Throwable atHub = pipe.hub().seen().awaitClosed();
      assertThat(atHub == null || atHub instanceof FairleadException).isTrue();
    }
  }

  @Test
  void aListenerThatThrowsAbortsItsPipe() {
    Connection onData = connect();
    IllegalStateException thrown = new IllegalStateException("the listener's mistake");
    onData.hub().seen().onData(data -> raise(thrown));
    onData.hub().request(1);
    onData.agent().send(new byte[] {1});
    assertThat(onData.hub().seen().awaitClosed()).isSameAs(thrown);
    assertThat(onData.agent().seen().awaitClosed()).isInstanceOf(TransportException.class);

    Connection onEnd = connect();
    onEnd.agent().seen().onEnd(() -> raise(thrown));
    onEnd.hub().pipe().end();
    assertThat(onEnd.agent().seen().awaitClosed()).isSameAs(thrown);
    assertThat(onEnd.hub().seen().awaitClosed()).isInstanceOf(TransportException.class);

    End agent = new End(new WatchedPipe(dialler().dial(agentTls())), recorder("agent"));
    agent.seen().onReady(() -> raise(thrown));
    agent.pipe().start(agent.seen());
    assertThat(agent.seen().awaitClosed()).isSameAs(thrown);
    assertThat(accepted().seen().awaitClosed()).isInstanceOf(TransportException.class);
  }

  private static void raise(RuntimeException thrown) {
    throw thrown;
  }

  @Test
  void callsAfterTheCloseAreHarmless() {
    Connection pipe = connect();
    pipe.agent().pipe().abort(new IllegalStateException("over"));
    pipe.agent().seen().awaitClosed();
    pipe.hub().seen().awaitClosed();
    for (End end : List.of(pipe.agent(), pipe.hub())) {
      assertThat(end.pipe().isReady()).isFalse();
      ByteBuffer dropped = ByteBuffer.wrap(new byte[100]);
      end.pipe().write(dropped);
      assertThat(dropped.hasRemaining()).isFalse();
      end.request(1);
      end.pipe().end();
      end.pipe().abort(new IllegalStateException("again"));
    }
    assertThat(pipe.agent().seen().closes()).isEqualTo(1);
    assertThat(pipe.hub().seen().closes()).isEqualTo(1);
  }

  @Test
  void aSecondStartIsRefused() {
    Connection pipe = connect();
    assertThatThrownBy(() -> pipe.agent().pipe().start(new Recorder("second", this::patience)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipe.hub().pipe().start(new Recorder("second", this::patience)))
        .isInstanceOf(IllegalStateException.class);
  }

  /**
   * Runs tasks on threads of their own, that all begin at the same moment; returns when all have
   * run.
   */
  final void atOnce(Runnable... tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(tasks.length);
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (Runnable task : tasks) {
      CompletableFuture<Void> result = new CompletableFuture<>();
      done.add(result);
      new Thread(
              () -> {
                try {
                  start.await(patience().toNanos(), TimeUnit.NANOSECONDS);
                  task.run();
                  result.complete(null);
                } catch (RuntimeException
                    | InterruptedException
                    | BrokenBarrierException
                    | java.util.concurrent.TimeoutException failure) {
                  result.completeExceptionally(failure);
                }
              })
          .start();
    }
    for (CompletableFuture<Void> result : done) {
      result.get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
