package dev.fairlead.testkit.cluster.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Moves chunks from a source to a channel while the channel has room. Used on the channel's thread
 * only.
 */
final class StreamPump implements Runnable {
  private final ChannelHandlerContext ctx;
  private final Reply.Streamed reply;
  private final Function<byte[], Object> framing;
  private final Runnable finish;
  private final List<Future<?>> timers = new ArrayList<>();
  private boolean ended;

  StreamPump(
      ChannelHandlerContext ctx,
      Reply.Streamed reply,
      Function<byte[], Object> framing,
      Runnable finish) {
    this.ctx = ctx;
    this.reply = reply;
    this.framing = framing;
    this.finish = finish;
  }

  void start() {
    ChunkSource source = reply.source();
    source.onAvailable(() -> Wake.up(ctx, this));
    long pulse = reply.pulse().toMillis();
    if (pulse > 0) {
      timers.add(
          ctx.executor()
              .scheduleAtFixedRate(() -> poke(source::pulse), pulse, pulse, TimeUnit.MILLISECONDS));
    }
    long lifetime = reply.lifetime().toMillis();
    if (lifetime > 0) {
      timers.add(
          ctx.executor().schedule(() -> poke(source::expire), lifetime, TimeUnit.MILLISECONDS));
    }
    run();
  }

  private void poke(Runnable signal) {
    if (!ended) {
      signal.run();
      run();
    }
  }

  @Override
  public void run() {
    while (!ended && ctx.channel().isWritable()) {
      byte[] chunk = reply.source().next();
      if (chunk != null) {
        ctx.write(framing.apply(chunk));
      } else if (reply.source().done()) {
        close();
        finish.run();
      } else {
        break;
      }
    }
    ctx.flush();
  }

  void close() {
    if (!ended) {
      ended = true;
      timers.forEach(timer -> timer.cancel(false));
      reply.source().close();
    }
  }
}
