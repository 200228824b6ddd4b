package dev.fairlead.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bytes: their order, their chunks, demand and readiness. */
abstract class TransferCases extends TransportFixture {

  private static final int LARGE = 8 << 20;

  /**
   * Long enough for bytes to leave a local buffer; too short a time only makes the case weaker,
   * never wrong.
   */
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Test
  void bytesFromTheAgentArriveInOrder() {
    Connection pipe = connect();
    byte[] sent = random(LARGE, 1);
    pipe.hub().request(Integer.MAX_VALUE);
    pump(pipe.agent(), sent, 2);
    pipe.hub().seen().awaitBytes(LARGE);
    assertThat(Arrays.equals(pipe.hub().seen().bytes(), sent)).isTrue();
  }

  @Test
  void bytesFromTheHubArriveInOrder() {
    Connection pipe = connect();
    byte[] sent = random(LARGE, 3);
    pipe.agent().request(Integer.MAX_VALUE);
    pump(pipe.hub(), sent, 4);
    pipe.agent().seen().awaitBytes(LARGE);
    assertThat(Arrays.equals(pipe.agent().seen().bytes(), sent)).isTrue();
  }

  @Test
  void bothDirectionsAtOnceKeepTheirOrder() throws Exception {
    Connection pipe = connect();
    byte[] up = random(LARGE, 5);
    byte[] down = random(LARGE, 6);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.agent().request(Integer.MAX_VALUE);
    CompletableFuture<Void> sending = aside(() -> pump(pipe.hub(), down, 7));
    pump(pipe.agent(), up, 8);
    sending.get(patience().toNanos(), TimeUnit.NANOSECONDS);
    pipe.hub().seen().awaitBytes(LARGE);
    pipe.agent().seen().awaitBytes(LARGE);
    assertThat(Arrays.equals(pipe.hub().seen().bytes(), up)).isTrue();
    assertThat(Arrays.equals(pipe.agent().seen().bytes(), down)).isTrue();
  }

  @Test
  void aListenerMayRequestAndWriteFromWithinItsCallbacks() {
    Connection pipe = connect();
    End hub = pipe.hub();
    hub.seen()
        .onData(
            data -> {
              hub.pipe().write(data);
              hub.request(1);
            });
    hub.request(1);
    pipe.agent().request(Integer.MAX_VALUE);
    byte[] sent = random(100_000, 9);
    for (int at = 0; at < sent.length; at += 1000) {
      pipe.agent().send(Arrays.copyOfRange(sent, at, at + 1000));
      pipe.agent().seen().awaitBytes(at + 1000);
    }
    assertThat(pipe.agent().seen().bytes()).isEqualTo(sent);
  }

  @Test
  void aWriteOfTheLargestChunkArrives() {
    Connection pipe = connect();
    byte[] sent = random(Pipe.MAX_CHUNK, 10);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.agent().send(sent);
    pipe.hub().seen().awaitBytes(sent.length);
    assertThat(pipe.hub().seen().bytes()).isEqualTo(sent);
  }

  @Test
  void aWriteAboveTheLimitIsRefusedAndHarmless() {
    Connection pipe = connect();
    pipe.hub().request(10);
    ByteBuffer first = ByteBuffer.allocate(Pipe.MAX_CHUNK);
    ByteBuffer second = ByteBuffer.allocate(1);
    assertThatThrownBy(() -> pipe.agent().pipe().write(first, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(first.remaining()).isEqualTo(Pipe.MAX_CHUNK);
    pipe.agent().send(new byte[] {7});
    pipe.hub().seen().awaitBytes(1);
    assertThat(pipe.hub().seen().bytes()).containsExactly(7);
  }

  @Test
  void anEmptyWriteDoesNothing() {
    Connection pipe = connect();
    pipe.hub().request(10);
    pipe.agent().pipe().write();
    pipe.agent().pipe().write(ByteBuffer.allocate(0), ByteBuffer.allocate(0));
    pipe.agent().send(new byte[] {1});
    pipe.hub().seen().awaitBytes(1);
    assertThat(pipe.hub().seen().bytes()).containsExactly(1);
    assertThat(pipe.hub().seen().chunkCount()).isEqualTo(1);
  }

  @Test
  void buffersOfEveryKindAreSentInTheirOrder() {
    Connection pipe = connect();
    pipe.hub().request(10);
    ByteBuffer direct =
        ByteBuffer.allocateDirect(4).put(new byte[] {0, 1, 2, 0}).position(1).limit(3);
    ByteBuffer readOnly = ByteBuffer.wrap(new byte[] {3, 4}).asReadOnlyBuffer();
    ByteBuffer slice = ByteBuffer.wrap(new byte[] {0, 0, 5, 6, 0}).slice(2, 2);
    pipe.agent().pipe().write(direct, readOnly, ByteBuffer.allocate(0), slice);
    pipe.hub().seen().awaitBytes(6);
    assertThat(pipe.hub().seen().bytes()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void writtenBuffersAreConsumedAndTheCallersAgain() {
    Connection pipe = connect();
    pipe.hub().request(Integer.MAX_VALUE);
    ByteBuffer reused = ByteBuffer.allocate(1000);
    for (int round = 0; round < 100; round++) {
      Arrays.fill(reused.array(), (byte) round);
      reused.clear();
      pipe.agent().pipe().write(reused);
      assertThat(reused.hasRemaining()).isFalse();
      Arrays.fill(reused.array(), (byte) -1);
    }
    pipe.hub().seen().awaitBytes(100_000);
    byte[] got = pipe.hub().seen().bytes();
    for (int at = 0; at < got.length; at++) {
      assertThat(got[at]).isEqualTo((byte) (at / 1000));
    }
  }

  @Test
  void receivedBuffersAreTheListenersOwn() {
    Connection pipe = connect();
    pipe.hub().request(Integer.MAX_VALUE);
    byte[] sent = random(2 << 20, 11);
    pump(pipe.agent(), sent, 12);
    pipe.hub().seen().awaitBytes(sent.length);
    ByteBuffer kept = ByteBuffer.allocate(sent.length);
    pipe.hub().seen().chunks().forEach(kept::put);
    assertThat(Arrays.equals(kept.array(), sent)).isTrue();
  }

  @Test
  void nothingIsDeliveredWithoutDemand() {
    Connection pipe = connect();
    byte[] sent = random(5000, 13);
    for (int at = 0; at < sent.length; at += 1000) {
      pipe.agent().send(Arrays.copyOfRange(sent, at, at + 1000));
    }
    roundTripFromHub(pipe, 1);
    assertThat(pipe.hub().seen().chunkCount()).isZero();
    pipe.hub().request(1);
    pipe.hub().seen().awaitChunks(1);
    roundTripFromHub(pipe, 2);
    assertThat(pipe.hub().seen().chunkCount()).isEqualTo(1);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.hub().seen().awaitBytes(sent.length);
    assertThat(pipe.hub().seen().bytes()).isEqualTo(sent);
  }

  private static void roundTripFromHub(Connection pipe, int bytes) {
    pipe.agent().request(1);
    pipe.hub().send(new byte[] {0});
    pipe.agent().seen().awaitBytes(bytes);
  }

  @Test
  void demandAddsUp() {
    Connection pipe = connect();
    pipe.hub().request(1);
    pipe.hub().request(2);
    for (int i = 0; i < 3; i++) {
      pipe.agent().send(new byte[] {(byte) i});
    }
    pipe.hub().seen().awaitBytes(3);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.agent().send(new byte[] {3});
    pipe.hub().seen().awaitBytes(4);
    assertThat(pipe.hub().seen().bytes()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aDemandOfLessThanOneIsRefused() {
    Connection pipe = connect();
    assertThatThrownBy(() -> pipe.agent().pipe().request(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pipe.hub().pipe().request(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStalledHubStopsTheAgentWithinTheBound() {
    Connection pipe = connect();
    stallThenDrain(pipe.agent(), pipe.hub());
  }

  @Test
  void aStalledAgentStopsTheHubWithinTheBound() {
    Connection pipe = connect();
    stallThenDrain(pipe.hub(), pipe.agent());
  }

  /** Writes until the pipe takes no more; returns how much it took. */
  final long stall(End writer) {
    byte[] chunk = random(Pipe.MAX_CHUNK, 14);
    long taken = 0;
    while (taken <= mostBytesInFlight()) {
      int seen = writer.seen().readies();
      if (writer.pipe().isReady()) {
        writer.send(chunk);
        taken += chunk.length;
      } else if (!writer.seen().readyAgain(seen, PAUSE)) {
        break;
      }
    }
    return taken;
  }

  private void stallThenDrain(End writer, End reader) {
    byte[] chunk = random(Pipe.MAX_CHUNK, 14);
    reader.seen().counting();
    long accepted = stall(writer);
    assertThat(accepted)
        .as("bytes taken while nobody reads")
        .isLessThanOrEqualTo(mostBytesInFlight());
    assertThat(reader.seen().received()).isZero();

    int before = writer.seen().readies();
    reader.request(Integer.MAX_VALUE);
    reader.seen().awaitBytes(accepted);
    writer.seen().awaitReadies(before + 1);
    writer.send(chunk);
    reader.seen().awaitBytes(accepted + chunk.length);
  }

  @Test
  void readinessIsToldOnceForEachTimeItComes() {
    for (int round = 0; round < 20; round++) {
      Connection pipe = connect();
      pipe.hub().request(10);
      pipe.agent().send(new byte[] {1});
      pipe.hub().seen().awaitBytes(1);
      roundTripFromHub(pipe, 1);
      assertThat(pipe.agent().seen().readies()).isEqualTo(1);
      assertThat(pipe.hub().seen().readies()).isEqualTo(1);
    }
  }

  @Test
  void oneWriteMoreIsTakenWhileThePipeIsNotReady() {
    Connection pipe = connect();
    byte[] chunk = random(Pipe.MAX_CHUNK, 17);
    long sent = 0;
    while (pipe.agent().pipe().isReady() && sent <= mostBytesInFlight()) {
      pipe.agent().send(chunk);
      sent += chunk.length;
    }
    assertThat(pipe.agent().pipe().isReady()).isFalse();
    byte[] last = random(Pipe.MAX_CHUNK, 18);
    ByteBuffer reused = ByteBuffer.wrap(last.clone());
    pipe.agent().pipe().write(reused);
    assertThat(reused.hasRemaining()).isFalse();
    Arrays.fill(reused.array(), (byte) 0);
    pipe.hub().request(Integer.MAX_VALUE);
    pipe.hub().seen().awaitBytes(sent + last.length);
    byte[] got = pipe.hub().seen().bytes();
    assertThat(Arrays.equals(got, (int) sent, got.length, last, 0, last.length)).isTrue();
  }

  @Test
  void oneStalledPipeDoesNotStallAnother() {
    Connection stalled = connect();
    Connection flowing = connect();
    stall(stalled.agent());
    byte[] sent = random(LARGE, 15);
    flowing.hub().request(Integer.MAX_VALUE);
    pump(flowing.agent(), sent, 16);
    flowing.hub().seen().awaitBytes(LARGE);
    assertThat(Arrays.equals(flowing.hub().seen().bytes(), sent)).isTrue();
    assertThat(stalled.hub().seen().received()).isZero();
  }

  static void pumpUntilClosed(End from, long most) {
    byte[] chunk = new byte[Pipe.MAX_CHUNK];
    for (long sent = 0; sent < most && from.seen().closes() == 0; ) {
      int seen = from.seen().readies();
      if (from.pipe().isReady()) {
        from.send(chunk);
        sent += chunk.length;
      } else {
        from.seen().readyAgain(seen, PAUSE);
      }
    }
  }
}
