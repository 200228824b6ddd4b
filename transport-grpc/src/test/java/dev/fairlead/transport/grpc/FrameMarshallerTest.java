package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.transport.grpc.proto.Chunk;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames and protobuf's own Chunk are the same bytes. */
class FrameMarshallerTest {

  private final FrameMarshaller marshaller = new FrameMarshaller();
  private final Random random = new Random(42);

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private Frame parse(byte[] encoded) {
    return marshaller.parse(new ByteArrayInputStream(encoded));
  }

  @Test
  void protobufReadsWhatFramesWrite() throws IOException {
    for (int size : new int[] {1, 127, 128, 16_383, 16_384, Pipe.MAX_CHUNK}) {
      byte[] data = random(size);
      ByteBuffer direct = ByteBuffer.allocateDirect(size / 2).put(data, 0, size / 2).flip();
      ByteBuffer heap = ByteBuffer.wrap(data, size / 2, size - size / 2);
      InputStream stream =
          marshaller.stream(new Frame(new ByteBuffer[] {direct, heap}, size, true, null));
      int announced = ((KnownLength) stream).available();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(((Drainable) stream).drainTo(out)).isEqualTo(announced);
      assertThat(out.size()).isEqualTo(announced);
      assertThat(direct.hasRemaining() || heap.hasRemaining()).isFalse();
      Chunk chunk = Chunk.parseFrom(out.toByteArray());
      assertThat(chunk.getData().toByteArray()).isEqualTo(data);
      assertThat(chunk.getEnd()).isTrue();
    }
  }

  @Test
  void aFrameReadAsAStreamIsTheSame() throws IOException {
    byte[] data = random(1000);
    Frame frame = Frame.of(new ByteBuffer[] {ByteBuffer.wrap(data)}, data.length);
    assertThat(Chunk.parseFrom(marshaller.stream(frame).readAllBytes()).getData().toByteArray())
        .isEqualTo(data);
    assertThat(Chunk.parseFrom(marshaller.stream(Frame.END))).isEqualTo(chunk(new byte[0], true));
  }

  private static Chunk chunk(byte[] data, boolean end) {
    return Chunk.newBuilder().setData(ByteString.copyFrom(data)).setEnd(end).build();
  }

  @Test
  void framesReadWhatProtobufWrites() {
    for (int size : new int[] {0, 1, 127, 128, 16_384, Pipe.MAX_CHUNK}) {
      byte[] data = random(size);
      Frame frame = parse(chunk(data, size % 2 == 0).toByteArray());
      assertThat(frame.problem()).isNull();
      assertThat(frame.data()[0]).isEqualTo(ByteBuffer.wrap(data));
      assertThat(frame.size()).isEqualTo(size);
      assertThat(frame.end()).isEqualTo(size % 2 == 0);
    }
  }

  @Test
  void fieldsOfLaterVersionsArePassedOver() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(3, UnknownFieldSet.Field.newBuilder().addVarint(-1).build())
            .addField(4, UnknownFieldSet.Field.newBuilder().addFixed32(7).addFixed64(8).build())
            .addField(
                5000,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .build())
            .build();
    byte[] encoded =
        chunk(new byte[] {1, 2}, true).toBuilder().setUnknownFields(later).build().toByteArray();
    Frame frame = parse(encoded);
    assertThat(frame.problem()).isNull();
    assertThat(frame.data()[0]).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(frame.end()).isTrue();
  }

  @Test
  void moreDataThanAChunkIsAProblem() {
    assertThat(parse(chunk(new byte[Pipe.MAX_CHUNK + 1], false).toByteArray()).problem())
        .contains("65537")
        .contains("65536");
  }

  @Test
  void truncatedChunksAreProblems() {
    byte[] whole = chunk(random(300), true).toByteArray();
    for (int length = 1; length < 303; length++) {
      assertThat(parse(Arrays.copyOf(whole, length)).problem()).as("first %d", length).isNotNull();
    }
  }

  @Test
  void hostileChunksAreProblems() throws IOException {
    assertThat(parse(encoded(out -> out.writeUInt32NoTag(0))).problem()).isNotNull();
    assertThat(parse(encoded(out -> out.writeUInt32NoTag(3 << 3 | 3))).problem()).isNotNull();
    assertThat(parse(encoded(out -> out.writeUInt32NoTag(3 << 3 | 7))).problem()).isNotNull();
    assertThat(
            parse(
                    encoded(
                        out -> {
                          out.writeUInt32NoTag(1 << 3 | 2);
                          out.writeUInt64NoTag(-1);
                        }))
                .problem())
        .isNotNull();
    assertThat(
            parse(
                    encoded(
                        out -> {
                          out.writeUInt32NoTag(9 << 3 | 2);
                          out.writeUInt64NoTag(Long.MAX_VALUE);
                        }))
                .problem())
        .isNotNull();
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) 0xff);
    assertThat(parse(endless).problem()).isNotNull();
  }

  @Test
  void randomBytesNeverThrow() {
    for (int round = 0; round < 20_000; round++) {
      Frame frame = parse(random(random.nextInt(40)));
      assertThat(frame.problem() != null || frame.size() <= 40).isTrue();
    }
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] encoded(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writing.to(out);
    out.flush();
    return bytes.toByteArray();
  }
}
