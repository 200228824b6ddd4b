package dev.fairlead.testkit.cluster.wire;

import io.netty.channel.ChannelHandlerContext;
import java.util.OptionalInt;

/**
 * Moves a process's output to a channel while the channel has room, and stops reading input while
 * it has not. Used on the channel's thread only.
 */
final class ProcessPump implements Runnable {

  /** Where output goes. */
  interface Sink {
    void output(Process.Output output);

    void exited(int code);
  }

  private final ChannelHandlerContext ctx;
  private final Process process;
  private final Sink sink;
  private boolean ended;

  ProcessPump(ChannelHandlerContext ctx, Process process, Sink sink) {
    this.ctx = ctx;
    this.process = process;
    this.sink = sink;
  }

  void start() {
    process.onAvailable(() -> Wake.up(ctx, this));
    run();
  }

  void stdin(byte[] bytes) {
    if (!ended) {
      process.stdin(bytes);
      run();
    }
  }

  void stdinClosed() {
    if (!ended) {
      process.stdinClosed();
      run();
    }
  }

  @Override
  public void run() {
    while (!ended && ctx.channel().isWritable()) {
      Process.Output output = process.next();
      if (output != null) {
        sink.output(output);
        continue;
      }
      OptionalInt code = process.exitCode();
      if (code.isEmpty()) {
        break;
      }
      close();
      sink.exited(code.getAsInt());
    }
    ctx.flush();
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
  }

  boolean ended() {
    return ended;
  }

  void close() {
    if (!ended) {
      ended = true;
      process.close();
    }
  }
}
