package dev.fairlead.core.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.transport.Pipe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultEventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipeChannelTest {

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final RecordingPipe pipe = new RecordingPipe();
  private final PipeChannel channel = new PipeChannel(pipe);
  private final Random random = new Random(1);

  @AfterEach
  void stop() {
    channel.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void buffersArriveWholeAndInOrderWhateverTheyAreMadeOf() throws Exception {
    channel.start(loop);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int round = 0; round < 20; round++) {
      for (ByteBuf buffer :
          List.of(
              composite(200, 10),
              bytes(3),
              composite(100, 5_000),
              Unpooled.buffer(),
              bytes(300_000))) {
        buffer.getBytes(buffer.readerIndex(), expected, buffer.readableBytes());
        channel.write(buffer);
      }
      channel.flush();
    }
    ByteBuf last = bytes(1);
    expected.write(last.getByte(0));
    assertThat(channel.writeAndFlush(last).await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pipe.sent.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void whatIsLeftForAPeerThatEndedIsReleasedWithoutWaitingForIt() throws Exception {
    pipe.ready = false;
    channel.pipeline().addLast(new SaysGoodbye());
    channel.start(loop);
    ByteBuf left = bytes(10);
    ChannelFuture written = channel.writeAndFlush(left);
    pipe.listener.get(10, TimeUnit.SECONDS).onEnd();
    assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(channel.isOpen()).isFalse();
    assertThat(left.refCnt()).isZero();
  }

  @Test
  void whatIsLeftIsReleasedWhenTheEventLoopStops() {
    pipe.ready = false;
    channel.pipeline().addLast(new SaysGoodbye());
    channel.start(loop);
    ByteBuf left = bytes(10);
    channel.writeAndFlush(left);
    channel.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    assertThat(channel.isOpen()).isFalse();
    assertThat(left.refCnt()).isZero();
  }

  @Test
  void pipeIsAskedForSeveralChunksTogetherAndNeverLeftWithoutDemand() throws Exception {
    channel.start(loop);
    Pipe.Listener told = pipe.listener.get(10, TimeUnit.SECONDS);
    for (int chunk = 0; chunk < 100; chunk++) {
      told.onData(ByteBuffer.wrap(new byte[] {1}));
      loop.submit(() -> {}).await(10, TimeUnit.SECONDS);
      assertThat(pipe.asked.get()).isGreaterThan(chunk + 1);
    }
    assertThat(pipe.requests.get()).isLessThan(50);
  }

  private ByteBuf bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Unpooled.wrappedBuffer(bytes);
  }

  private CompositeByteBuf composite(int parts, int size) {
    CompositeByteBuf composite = Unpooled.compositeBuffer(parts + 1);
    for (int i = 0; i < parts; i++) {
      composite.addComponent(true, bytes(size));
    }
    return composite;
  }

  /** Closes once its last words are written, as HTTP/2 does. */
  private static final class SaysGoodbye extends ChannelOutboundHandlerAdapter {
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      context
          .writeAndFlush(Unpooled.copiedBuffer(new byte[] {1}))
          .addListener(written -> context.close(promise));
    }
  }

  /** Takes everything while it is ready. */
  private static final class RecordingPipe implements Pipe {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final CompletableFuture<Listener> listener = new CompletableFuture<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean ready = true;

    @Override
    public void start(Listener told) {
      listener.complete(told);
    }

    @Override
    public void request(int chunks) {
      requests.incrementAndGet();
      asked.addAndGet(chunks);
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void write(ByteBuffer... data) {
      int size = 0;
      for (ByteBuffer part : data) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        sent.writeBytes(bytes);
        size += bytes.length;
      }
      assertThat(size).isBetween(1, MAX_CHUNK);
    }

    @Override
    public void end() {}

    @Override
    public void abort(Throwable cause) {}
  }
}
