package dev.fairlead.testkit.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.HubTunnel;
import dev.fairlead.testkit.ManualTime;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that says nothing any more, without a FIN. */
final class SilentPeerTest {

  private final EventLoop loop = new DefaultEventLoop();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void isFoundWithinFifteenSeconds() {
    ManualTime time = ManualTime.create();
    CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
    HubTunnel.open(new Blackhole(), loop, LinkSettings.TUNNEL, time, new OnlyTheEnd(closed));
    int seconds = 0;
    while (!closed.isDone() && seconds < 15) {
      loop.submit(() -> {}).syncUninterruptibly();
      time.advance(Duration.ofSeconds(1));
      loop.submit(() -> {}).syncUninterruptibly();
      seconds++;
    }

    assertThat(closed.orTimeout(10, TimeUnit.SECONDS).join())
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("silent");
    assertThat(seconds).isBetween(9, 15);
  }

  /** Takes everything and tells nothing, as a cut cable does. */
  private static final class Blackhole implements Pipe {
    private @Nullable Listener listener;

    @Override
    public void start(Listener newListener) {
      listener = newListener;
    }

    @Override
    public void request(int chunks) {
      // Nothing will come.
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void write(ByteBuffer... data) {
      for (ByteBuffer buffer : data) {
        buffer.position(buffer.limit());
      }
    }

    @Override
    public void end() {
      // Nobody hears it.
    }

    @Override
    public void abort(Throwable cause) {
      Listener present = listener;
      if (present != null) {
        listener = null;
        present.onClosed(cause);
      }
    }
  }

  private record OnlyTheEnd(CompletableFuture<@Nullable Throwable> closed)
      implements HubTunnel.Listener {
    @Override
    public void onOpen() {
      throw new AssertionError("a silent peer does not open");
    }

    @Override
    public void onAlive() {
      throw new AssertionError("a silent peer is not alive");
    }

    @Override
    public void onDraining() {
      throw new AssertionError("a silent peer does not drain");
    }

    @Override
    public void onReport(AgentReport report) {
      throw new AssertionError("a silent peer does not report");
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(cause);
    }
  }
}
