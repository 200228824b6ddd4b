package dev.fairlead.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EventEndsTest {

  private static EventEnds of(String type) {
    Http2Headers head = Heads.create().status("200").set("content-type", type);
    return EventEnds.of(head);
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  @Test
  void aWatchBeginsBetweenEvents() {
    assertThat(of("application/json").isBetween()).isTrue();
    assertThat(of("application/vnd.kubernetes.protobuf;stream=watch").isBetween()).isTrue();
  }

  @Test
  void inJsonEachEventIsALine() {
    EventEnds ends = of("application/json;charset=utf-8");
    assertThat(ends.lastEnd(ascii("{1}\n{2}\n{3"))).isEqualTo(8);
    assertThat(ends.isBetween()).isFalse();
    assertThat(ends.lastEnd(ascii("3"))).isZero();
    assertThat(ends.isBetween()).isFalse();
    assertThat(ends.lastEnd(ascii("}\n"))).isEqualTo(2);
    assertThat(ends.isBetween()).isTrue();
  }

  @Test
  void whatComesInOtherFormsOrCompressedNeverEnds() {
    for (EventEnds ends :
        new EventEnds[] {
          of("application/cbor-seq"),
          EventEnds.of(Heads.create().status("200")),
          EventEnds.of(
              Heads.create()
                  .status("200")
                  .set("content-type", "application/json")
                  .set("content-encoding", "gzip")),
          EventEnds.of(Heads.create().status("410").set("content-type", "application/json"))
        }) {
      assertThat(ends.isBetween()).isFalse();
      assertThat(ends.lastEnd(ascii("{}\n"))).isZero();
      assertThat(ends.isBetween()).isFalse();
    }
  }

  @Test
  void framesEndWhereTheirLengthSaysHoweverTheyAreSplit() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      TreeSet<Integer> ends = new TreeSet<>();
      for (int frame = 0; frame < 20; frame++) {
        int length = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(4);
        all.writeBytes(new byte[] {0, 0, (byte) (length >> 8), (byte) length});
        // Bytes that look like lengths and lines.
        byte[] body = new byte[length];
        Arrays.fill(body, (byte) random.nextInt(12));
        all.writeBytes(body);
        ends.add(all.size());
      }
      EventEnds seen = of("application/vnd.kubernetes.protobuf");
      byte[] bytes = all.toByteArray();
      for (int at = 0; at < bytes.length; ) {
        int size = Math.min(bytes.length - at, 1 + random.nextInt(300));
        Integer last = ends.floor(at + size);
        int expected = last == null || last <= at ? 0 : last - at;
        assertThat(seen.lastEnd(Unpooled.wrappedBuffer(bytes, at, size))).isEqualTo(expected);
        at += size;
        assertThat(seen.isBetween()).isEqualTo(ends.contains(at));
      }
    }
  }
}
