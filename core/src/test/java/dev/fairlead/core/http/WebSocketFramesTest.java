package dev.fairlead.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {

  private static Http2Headers switched(String upgrade) {
    return Heads.create().status("101").set("upgrade", upgrade);
  }

  private static WebSocketFrames frames() {
    return Objects.requireNonNull(WebSocketFrames.of(switched("WebSocket")));
  }

  private static WebSocketFrames after(int... bytes) {
    WebSocketFrames frames = frames();
    for (int next : bytes) {
      frames.see(Unpooled.buffer().writeByte(next));
    }
    return frames;
  }

  @Test
  void nothingElseIsAWebSocket() {
    assertThat(WebSocketFrames.of(switched("SPDY/3.1"))).isNull();
    assertThat(WebSocketFrames.of(Heads.create().status("200").set("upgrade", "websocket")))
        .isNull();
    assertThat(WebSocketFrames.of(Heads.create().status("101"))).isNull();
    assertThat(frames().isBetween()).isTrue();
    assertThat(frames().haveChannels()).isFalse();
  }

  @Test
  void channelsForAStatusAreThoseOfTheFourthVersionAndLater() {
    for (String protocol : List.of("v4.channel.k8s.io", "v5.channel.k8s.io")) {
      WebSocketFrames frames =
          WebSocketFrames.of(switched("websocket").set("sec-websocket-protocol", protocol));
      assertThat(frames).isNotNull().matches(WebSocketFrames::haveChannels);
    }
    for (String protocol :
        List.of("channel.k8s.io", "base64.channel.k8s.io", "SPDY/3.1+portforward.k8s.io")) {
      WebSocketFrames frames =
          WebSocketFrames.of(switched("websocket").set("sec-websocket-protocol", protocol));
      assertThat(frames).isNotNull().matches(other -> !other.haveChannels());
    }
  }

  @Test
  void messageIsWholeAfterItsLastFrame() {
    assertThat(after(0x82).isBetween()).isFalse();
    assertThat(after(0x82, 0).isBetween()).isTrue();
    assertThat(after(0x82, 1).isBetween()).isFalse();
    assertThat(after(0x82, 1, 7).isBetween()).isTrue();
    assertThat(after(0x82, 0x81, 1, 2, 3, 4).isBetween()).isFalse();
    assertThat(after(0x82, 0x81, 1, 2, 3, 4, 7).isBetween()).isTrue();
    assertThat(after(0x02, 1, 7).isBetween()).isFalse();
    // A ping between its fragments does not end the message.
    assertThat(after(0x02, 1, 7, 0x89, 0).isBetween()).isFalse();
    assertThat(after(0x02, 1, 7, 0x89, 0, 0x80, 0).isBetween()).isTrue();
  }

  @Test
  void nothingFollowsACloseOrALengthThatCannotBe() {
    assertThat(after(0x88, 0).isBetween()).isFalse();
    assertThat(after(0x88, 0, 0x82, 0).isBetween()).isFalse();
    assertThat(after(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2).isBetween()).isFalse();
  }

  @Test
  void endsAreFoundHoweverTheBytesAreCut() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      ByteBuf all = Unpooled.buffer();
      TreeSet<Integer> ends = new TreeSet<>(List.of(0));
      for (int frame = 0; frame < 5; frame++) {
        int length = List.of(0, 5, 125, 126, 300, 70_000).get(random.nextInt(6));
        boolean last = random.nextBoolean();
        all.writeByte(last ? 0x82 : 0x02);
        if (length < 126) {
          all.writeByte(length);
        } else if (length < 65_536) {
          all.writeByte(126).writeShort(length);
        } else {
          all.writeByte(127).writeLong(length);
        }
        all.writeZero(length);
        if (last) {
          ends.add(all.writerIndex());
        }
      }
      WebSocketFrames frames = frames();
      List<Integer> cuts = new ArrayList<>(ends);
      while (cuts.size() < 20) {
        cuts.add(random.nextInt(all.writerIndex() + 1));
      }
      for (int cut : new TreeSet<>(cuts)) {
        frames.see(all.readSlice(cut - all.readerIndex()));
        assertThat(frames.isBetween())
            .as("round %s, at %s", round, cut)
            .isEqualTo(ends.contains(cut));
      }
    }
  }

  @Test
  void reasonsThatAreTooLongForACloseAreCutBetweenCharacters() {
    ByteBuf close = new Farewell("{}", "ü🚢".repeat(40)).frames(false);
    assertThat(close.readUnsignedByte()).isEqualTo((short) 0x88);
    assertThat((int) close.readUnsignedByte()).isEqualTo(close.readableBytes()).isLessThan(126);
    assertThat(close.readUnsignedShort()).isEqualTo(1008);
    assertThat(close.toString(StandardCharsets.UTF_8)).isEqualTo("ü🚢".repeat(20) + "ü");
  }
}
