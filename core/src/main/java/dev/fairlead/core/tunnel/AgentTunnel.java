package dev.fairlead.core.tunnel;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The agent's end of a tunnel: it takes the exchanges. Safe for use by any thread. */
public final class AgentTunnel {

  /** What a tunnel tells its owner; serial, on the tunnel's event loop. */
  public interface Listener {

    /** The hub has taken the agent in: it finds this tunnel from now on. At most once. */
    void onOpen();

    /**
     * The hub opened an exchange.
     *
     * @param exchange its head
     * @param stream delivers what follows the head once somebody listens, and takes the response
     * @param end whether the request ends with its head
     */
    void onExchange(ExchangeHead exchange, HttpStream stream, boolean end);

    /**
     * The hub drains this tunnel, because a newer one of the same agent has taken its place; {@link
     * #onDraining} follows. At most once.
     */
    default void onReplaced() {
      // Whoever has one tunnel only.
    }

    /**
     * The hub opens no further exchanges on this tunnel; the agent should open another one. At most
     * once.
     */
    void onDraining();

    /**
     * The tunnel is gone, with all its exchanges. Exactly once, the last call.
     *
     * @param cause why, or null if it was closed in order
     */
    void onClosed(@Nullable Throwable cause);
  }

  /** What a hub says in the debug data of a GOAWAY (RFC 9113 section 6.8) to one it replaced. */
  static final String REPLACED = "fairlead: replaced";

  private static final AsciiString CONTROL = AsciiString.cached(":fairlead-control");
  private static final AsciiString REPORT = AsciiString.cached("report");

  private final PipeChannel channel;
  private final Http2Link link;
  private final Listener listener;
  private AgentReport report = AgentReport.UNKNOWN;
  private @Nullable HttpStream reportStream;
  private boolean open;

  private AgentTunnel(
      Pipe pipe, LinkSettings settings, Time time, LinkMetrics metrics, Listener listener) {
    this.channel = new PipeChannel(pipe);
    this.listener = listener;
    this.link = Http2Link.server(settings, time, metrics, new FromLink(), this::accept);
  }

  /**
   * Begins a tunnel over a pipe that was dialled.
   *
   * @param pipe a pipe that was not started
   * @param loop where the tunnel runs
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param listener gets the tunnel's events
   * @return the tunnel
   */
  public static AgentTunnel open(
      Pipe pipe, EventLoop loop, LinkSettings settings, Time time, Listener listener) {
    return open(pipe, loop, settings, time, LinkMetrics.none(), listener);
  }

  /**
   * Begins a tunnel over a pipe that was dialled.
   *
   * @param pipe a pipe that was not started
   * @param loop where the tunnel runs
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param metrics what counts
   * @param listener gets the tunnel's events
   * @return the tunnel
   */
  public static AgentTunnel open(
      Pipe pipe,
      EventLoop loop,
      LinkSettings settings,
      Time time,
      LinkMetrics metrics,
      Listener listener) {
    AgentTunnel tunnel = new AgentTunnel(pipe, settings, time, metrics, listener);
    tunnel.channel.pipeline().addLast(tunnel.link);
    tunnel.channel.start(loop);
    return tunnel;
  }

  /**
   * Tells the hub how the agent stands with its API server, now if it asked already, otherwise when
   * it does.
   *
   * @param news the state
   */
  public void report(AgentReport news) {
    channel
        .eventLoop()
        .execute(
            () -> {
              report = news;
              sendReport();
            });
  }

  /**
   * How many exchanges are under way, the report among them.
   *
   * @return the number
   */
  public int activeExchanges() {
    return link.activeStreams();
  }

  /** Takes no further exchanges and closes when those under way are over. */
  public void drain() {
    channel
        .eventLoop()
        .execute(
            () -> {
              link.drain();
              endReport();
            });
  }

  /**
   * Closes the tunnel at once.
   *
   * @param cause why; the exchanges under way end with it
   */
  public void abort(Throwable cause) {
    link.abort(cause);
  }

  static Http2Headers reportRequest() {
    return Heads.create().method("GET").path("/").scheme("https").set(CONTROL, REPORT);
  }

  private void accept(HttpStream stream, Http2Headers head, boolean end) {
    if (head.contains(CONTROL)) {
      stream.listen(new Indifferent());
      stream.sendHead(Heads.create().status("200"), false);
      reportStream = stream;
      sendReport();
      // The hub asks once it sends exchanges this way, so a former tunnel is not needed any more.
      if (!open) {
        open = true;
        listener.onOpen();
      }
      return;
    }
    ExchangeHead exchange;
    try {
      exchange = ExchangeHead.decode(head);
    } catch (InvalidException e) {
      stream.reset(Reset.PROTOCOL);
      return;
    }
    listener.onExchange(exchange, stream, end);
  }

  private void sendReport() {
    HttpStream present = reportStream;
    if (present != null) {
      present.sendData(Unpooled.wrappedBuffer(report.toLine()), false);
    }
  }

  /** A drained tunnel closes when its last exchange is over; the report must not keep it open. */
  private void endReport() {
    HttpStream present = reportStream;
    if (present != null) {
      present.sendData(Unpooled.EMPTY_BUFFER, true);
      reportStream = null;
    }
  }

  private final class FromLink implements LinkListener {

    @Override
    public void onOpen() {
      // The hub speaks, but perhaps did not hear of this agent yet.
    }

    @Override
    public void onAlive() {
      // The hub is the one that tells others who is alive.
    }

    @Override
    public void onFarewell(String word) {
      if (word.equals(REPLACED)) {
        listener.onReplaced();
      }
    }

    @Override
    public void onDraining() {
      endReport();
      listener.onDraining();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      reportStream = null;
      if (cause != null) {
        listener.onClosed(cause);
      } else {
        // The last answers and the GOAWAY are perhaps still on their way.
        channel.whenPipeClosed(() -> listener.onClosed(channel.cause()));
      }
    }
  }

  /** For the report's request, of which nothing but its end matters. */
  private final class Indifferent implements HttpStream.Listener {

    @Override
    public void onHead(Http2Headers head, boolean end) {
      // Was seen by the acceptor.
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      // The request has no meaning beyond its head.
    }

    @Override
    public void onReset(Reset reason) {
      reportStream = null;
    }

    @Override
    public void onSent(int bytes) {
      // Reports are few and small.
    }
  }
}
