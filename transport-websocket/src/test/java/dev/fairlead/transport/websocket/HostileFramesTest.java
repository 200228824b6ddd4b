package dev.fairlead.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.testkit.ManualTime;
import dev.fairlead.transport.websocket.RawAgent.Frame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames as no agent of ours sends them, in every order, byte by byte. */
class HostileFramesTest {

  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final ManualTime time = ManualTime.create();
  private final HubUnderTest hub = new HubUnderTest(time);

  @AfterEach
  void close() {
    hub.close();
  }

  private void breaks(byte[] bytes, int code) throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.send(bytes);
      assertThat(agent.closeCode()).isEqualTo(code);
      assertThat(hub.event()).isInstanceOf(InvalidException.class);
      awaitTwoTimers();
      agent.frame(FIN | CLOSE, (byte) 3, (byte) 0xe8);
      time.advance(PipeFrames.LINGER);
      assertThat(agent.isAtEnd()).isTrue();
    }
  }

  /** The hub waits for something beside its next Ping; only then may time go on. */
  private void awaitTwoTimers() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (time.scheduled() < 2) {
      assertThat(System.nanoTime() - until).as("nothing but a Ping is due").isNegative();
      Thread.onSpinWait();
    }
  }

  private static byte[] both(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  @Test
  void messagesAreEchoed() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(FIN | BINARY, (byte) 5, (byte) 6, (byte) 7);
      Frame echo = agent.next();
      assertThat(echo.opcode()).isEqualTo(BINARY);
      assertThat(echo.payload()).containsExactly(5, 6, 7);
    }
  }

  @Test
  void fragmentsWithControlFramesBetweenAreOneStream() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(BINARY, (byte) 1);
      assertThat(agent.next().payload()).containsExactly(1);
      agent.frame(FIN | PING, (byte) 9);
      Frame pong = agent.next();
      assertThat(pong.opcode()).isEqualTo(PONG);
      assertThat(pong.payload()).containsExactly(9);
      agent.frame(CONTINUATION);
      agent.frame(CONTINUATION, (byte) 2);
      assertThat(agent.next().payload()).containsExactly(2);
      agent.frame(FIN | PONG);
      agent.frame(FIN | CONTINUATION, (byte) 3);
      assertThat(agent.next().payload()).containsExactly(3);
    }
  }

  @Test
  void bytesOneAtATimeAreTheSameStream() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      for (byte one : RawAgent.frameBytes(FIN | BINARY, (byte) 4, (byte) 5)) {
        agent.send(new byte[] {one});
      }
      assertThat(agent.next().payload()).containsExactly(4, 5);
    }
  }

  @Test
  void anEmptyMessageEndsTheDirectionEvenInFragments() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(BINARY);
      agent.frame(FIN | PING);
      assertThat(agent.next().opcode()).isEqualTo(PONG);
      assertThat(hub.events).isEmpty();
      agent.frame(FIN | CONTINUATION);
      assertThat(hub.event()).isEqualTo("end");
      Frame end = agent.next();
      assertThat(end.opcode()).isEqualTo(BINARY);
      assertThat(end.payload()).isEmpty();
      assertThat(agent.closeCode()).isEqualTo(1000);
      assertThat(hub.event()).isEqualTo("closed");
    }
  }

  @Test
  void emptyFragmentsOfAMessageWithBytesEndNothing() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(BINARY, (byte) 1);
      agent.frame(FIN | CONTINUATION);
      assertThat(agent.next().payload()).containsExactly(1);
      agent.frame(FIN | BINARY, (byte) 2);
      assertThat(agent.next().payload()).containsExactly(2);
      assertThat(hub.events).isEmpty();
    }
  }

  @Test
  void aTextMessageBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | TEXT, (byte) 'a'), 1003);
  }

  @Test
  void aTextMessageInFragmentsBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(TEXT, (byte) 'a'), 1003);
  }

  @Test
  void aFrameWithoutAMaskBreaksThePipe() throws Exception {
    breaks(new byte[] {(byte) (FIN | BINARY), 1, 7}, 1002);
  }

  @Test
  void aContinuationWithoutAStartBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | CONTINUATION, (byte) 1), 1002);
  }

  @Test
  void aMessageWithinAMessageBreaksThePipe() throws Exception {
    breaks(both(RawAgent.frameBytes(BINARY), RawAgent.frameBytes(FIN | BINARY, (byte) 1)), 1002);
  }

  @Test
  void anOversizedFrameBreaksThePipeBeforeItIsRead() throws Exception {
    breaks(
        new byte[] {(byte) (FIN | BINARY), (byte) 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1, 2, 3, 4},
        1009);
  }

  @Test
  void aLengthOfMoreThan63BitsBreaksThePipe() throws Exception {
    breaks(
        new byte[] {
          (byte) (FIN | BINARY), (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4
        },
        1002);
  }

  @Test
  void aReservedBitBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | 0x40 | BINARY, (byte) 1), 1002);
  }

  @Test
  void aReservedOpcodeBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | 3, (byte) 1), 1002);
    breaks(RawAgent.frameBytes(FIN | 11, (byte) 1), 1002);
  }

  @Test
  void aControlFrameInFragmentsBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(PING, (byte) 1), 1002);
  }

  @Test
  void aLongControlFrameBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | PING, new byte[126]), 1002);
  }

  @Test
  void aCloseOfOneByteBreaksThePipe() throws Exception {
    breaks(RawAgent.frameBytes(FIN | CLOSE, (byte) 3), 1002);
  }

  @Test
  void aCloseIsAnsweredAndBreaksThePipe() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(FIN | CLOSE, (byte) 3, (byte) 0xe8);
      assertThat(agent.closeCode()).isEqualTo(1000);
      assertThat(agent.isAtEnd()).isTrue();
      assertThat(hub.event())
          .isInstanceOf(TransportException.class)
          .asString()
          .contains("before both directions had ended");
    }
  }

  @Test
  void aCloseWithoutACodeBreaksThePipe() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(FIN | CLOSE);
      assertThat(agent.next().opcode()).isEqualTo(CLOSE);
      assertThat(hub.event()).isInstanceOf(TransportException.class);
    }
  }

  @Test
  void anAgentsCloseIsNeverARefusal() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(FIN | CLOSE, (byte) 0x11, (byte) 0x31, (byte) 'x');
      assertThat(hub.event()).isExactlyInstanceOf(TransportException.class);
    }
  }

  @Test
  void whatFollowsACloseIsDropped() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.send(
          both(
              RawAgent.frameBytes(FIN | CLOSE, (byte) 3, (byte) 0xe8),
              RawAgent.frameBytes(FIN | BINARY, (byte) 1)));
      assertThat(agent.next().opcode()).isEqualTo(CLOSE);
      assertThat(agent.isAtEnd()).isTrue();
    }
  }

  @Test
  void bytesAfterTheEndBreakThePipe() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.send(
          both(RawAgent.frameBytes(FIN | BINARY), RawAgent.frameBytes(FIN | BINARY, (byte) 1)));
      assertThat(agent.closeCode()).isEqualTo(1002);
      assertThat(hub.event()).isEqualTo("end");
      assertThat(hub.event()).isInstanceOf(InvalidException.class);
    }
  }

  @Test
  void aConnectionCutWithoutACloseBreaksThePipe() throws Exception {
    try (RawAgent agent = hub.agent().connected()) {
      agent.frame(BINARY, (byte) 1);
      assertThat(agent.next().payload()).containsExactly(1);
    }
    assertThat(hub.event()).isInstanceOf(TransportException.class);
  }

  @Test
  void aConnectionCutIsNoticedEvenWhileNothingIsRead() throws Exception {
    hub.takes = false;
    try (RawAgent agent = hub.agent().connected()) {
      // The hub stops to read while this is under way; the agent's own cut is behind it all.
      byte[] chunk = RawAgent.frameBytes(FIN | BINARY, new byte[16_000]);
      for (int i = 0; i < 16; i++) {
        agent.send(chunk);
      }
      agent.frame(FIN | BINARY, new byte[16_000]);
      awaitTwoTimers();
      agent.cut();
    }
    Object event = null;
    for (int tries = 0; event == null && tries < 300; tries++) {
      time.advance(Duration.ofSeconds(1));
      event = hub.events.poll(100, TimeUnit.MILLISECONDS);
    }
    assertThat(event).isInstanceOf(TransportException.class);
  }
}
