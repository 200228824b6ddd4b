package dev.fairlead.testkit.http;

import dev.fairlead.core.http.Acceptor;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.testkit.ManualTime;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of a link with a network between them that has a round trip and a bandwidth. All of
 * it runs in the caller's thread and in a time of its own: the same every time.
 */
final class LongLink implements AutoCloseable {

  /** One direction: bytes leave one after the other, and arrive half a round trip later. */
  private final class Wire {
    private record Segment(long dueNanos, ByteBuf data) {}

    private final EmbeddedChannel from;
    private final EmbeddedChannel to;
    private final Queue<Segment> travelling = new ArrayDeque<>();
    private long freeAt;

    Wire(EmbeddedChannel from, EmbeddedChannel to) {
      this.from = from;
      this.to = to;
    }

    boolean send() {
      from.runPendingTasks();
      boolean moved = false;
      for (ByteBuf data; (data = from.readOutbound()) != null; moved = true) {
        long takes = data.readableBytes() * 1_000_000_000L / bytesPerSecond;
        freeAt = Math.max(freeAt, time.nanoTime()) + takes;
        travelling.add(new Segment(freeAt + roundTripNanos / 2, data));
      }
      return moved;
    }

    boolean deliver() {
      boolean moved = false;
      while (!travelling.isEmpty() && travelling.element().dueNanos() <= time.nanoTime()) {
        ByteBuf data = travelling.remove().data();
        if (to.isOpen()) {
          to.writeInbound(data);
        } else {
          data.release();
        }
        moved = true;
      }
      return moved;
    }

    long nextDue() {
      return travelling.isEmpty() ? Long.MAX_VALUE : travelling.element().dueNanos();
    }
  }

  final ManualTime time = ManualTime.create();
  final List<HttpStream> accepted = new ArrayList<>();
  final Told atClient = new Told();
  final Told atServer = new Told();
  final Http2Link client;
  final Http2Link server;
  final EmbeddedChannel clientChannel = new EmbeddedChannel();
  final EmbeddedChannel serverChannel = new EmbeddedChannel();
  private final long roundTripNanos;
  private final long bytesPerSecond;
  private final Wire up = new Wire(clientChannel, serverChannel);
  private final Wire down = new Wire(serverChannel, clientChannel);

  LongLink(LinkSettings settings, Duration roundTrip, long bytesPerSecond) {
    this(settings, roundTrip, bytesPerSecond, LinkMetrics.none());
  }

  /** Counts at the server. */
  LongLink(LinkSettings settings, Duration roundTrip, long bytesPerSecond, LinkMetrics metrics) {
    this.roundTripNanos = roundTrip.toNanos();
    this.bytesPerSecond = bytesPerSecond;
    Acceptor acceptor = (stream, head, end) -> accepted.add(stream);
    client = Http2Link.client(settings, time, atClient);
    server = Http2Link.server(settings, time, metrics, atServer, acceptor);
    clientChannel.pipeline().addLast(client);
    serverChannel.pipeline().addLast(server);
    settle(roundTrip.multipliedBy(2));
  }

  /** Lets so much time pass, and everything happen that is due in it. */
  void settle(Duration longest) {
    long until = time.nanoTime() + longest.toNanos();
    while (true) {
      boolean moved = up.send() | down.send();
      moved |= up.deliver() | down.deliver();
      if (!moved) {
        long next = Math.min(up.nextDue(), down.nextDue());
        long to = Math.min(next, until);
        time.advance(Duration.ofNanos(Math.max(0, to - time.nanoTime())));
        if (next > until) {
          return;
        }
      }
    }
  }

  /** Opens a stream and lets the server take it. */
  HttpStream open(HttpStream.Listener listener) {
    HttpStream stream =
        client.open(
            Heads.create().method("POST").path("/").scheme("https").authority("hub"),
            false,
            listener);
    settle(Duration.ofNanos(roundTripNanos));
    return stream;
  }

  HttpStream lastAccepted() {
    return accepted.get(accepted.size() - 1);
  }

  @Override
  public void close() {
    clientChannel.finishAndReleaseAll();
    serverChannel.finishAndReleaseAll();
    up.travelling.forEach(segment -> segment.data().release());
    down.travelling.forEach(segment -> segment.data().release());
  }

  /** What a link told. */
  static final class Told implements LinkListener {
    boolean closed;
    @Nullable Throwable cause;

    @Override
    public void onOpen() {}

    @Override
    public void onDraining() {}

    @Override
    public void onAlive() {}

    @Override
    public void onClosed(@Nullable Throwable why) {
      closed = true;
      cause = why;
    }
  }
}
