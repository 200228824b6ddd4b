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
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hub's end of a tunnel: it opens the exchanges. Safe for use by any thread unless said
 * otherwise.
 */
public final class HubTunnel {

  /** What a tunnel tells its owner; serial, on the tunnel's event loop. */
  public interface Listener {

    /** The agent speaks; exchanges can be opened. At most once. */
    void onOpen();

    /** The agent was heard of again. */
    void onAlive();

    /** The agent takes no further exchanges; those under way go on. At most once. */
    void onDraining();

    /**
     * The agent told how it stands with its API server.
     *
     * @param report the news
     */
    void onReport(AgentReport report);

    /**
     * The tunnel is gone, with all its exchanges. Exactly once, the last call.
     *
     * @param cause why, or null if it was closed in order
     */
    void onClosed(@Nullable Throwable cause);
  }

  private final PipeChannel channel;
  private final Http2Link link;

  private HubTunnel(
      Pipe pipe, LinkSettings settings, Time time, LinkMetrics metrics, Listener listener) {
    this.channel = new PipeChannel(pipe);
    this.link = Http2Link.client(settings, time, metrics, new FromLink(listener));
  }

  /**
   * Begins a tunnel over a pipe that an agent opened.
   *
   * @param pipe a pipe that was not started
   * @param loop where the tunnel runs
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param listener gets the tunnel's events
   * @return the tunnel
   */
  public static HubTunnel open(
      Pipe pipe, EventLoop loop, LinkSettings settings, Time time, Listener listener) {
    return open(pipe, loop, settings, time, LinkMetrics.none(), listener);
  }

  /**
   * Begins a tunnel over a pipe that an agent opened.
   *
   * @param pipe a pipe that was not started
   * @param loop where the tunnel runs
   * @param settings its bounds
   * @param time when to look for signs of life
   * @param metrics what counts
   * @param listener gets the tunnel's events
   * @return the tunnel
   */
  public static HubTunnel open(
      Pipe pipe,
      EventLoop loop,
      LinkSettings settings,
      Time time,
      LinkMetrics metrics,
      Listener listener) {
    HubTunnel tunnel = new HubTunnel(pipe, settings, time, metrics, listener);
    tunnel.channel.pipeline().addLast(tunnel.link);
    tunnel.channel.start(loop);
    return tunnel;
  }

  /**
   * Where the tunnel runs.
   *
   * @return its event loop
   */
  public EventExecutor executor() {
    return channel.eventLoop();
  }

  /**
   * Opens an exchange. On the event loop.
   *
   * @param head the exchange's head
   * @param end whether the request ends with it
   * @param listener gets the response, with 101 for an upgrade that the API server accepted
   * @return the stream
   * @throws dev.fairlead.api.LimitException if as many exchanges are open as may be
   * @throws dev.fairlead.api.TransportException if the tunnel takes no exchanges any more
   */
  public HttpStream exchange(ExchangeHead head, boolean end, HttpStream.Listener listener) {
    return link.open(head.encode(), end, listener);
  }

  /**
   * What the requester gets to see of a response's head.
   *
   * @param response the head as the agent sent it, changed in place
   * @return the same head
   */
  public static Http2Headers toRequester(Http2Headers response) {
    Heads.removeHopByHop(response);
    return Switching.decode(response);
  }

  /**
   * Whether exchanges can be opened. It may change at once.
   *
   * @return true between the agent's first word and the beginning of the tunnel's end
   */
  public boolean takesExchanges() {
    return link.takesStreams();
  }

  /**
   * Whether the tunnel is not closed yet.
   *
   * @return true until {@link Listener#onClosed}
   */
  public boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * How many exchanges are under way, the agent's report among them.
   *
   * @return the number
   */
  public int activeExchanges() {
    return link.activeStreams();
  }

  /** Opens no further exchanges and closes when those under way are over. */
  public void drain() {
    link.drain();
  }

  /**
   * As {@link #drain}, because another tunnel of the same agent has taken this one's place; the
   * agent is told.
   */
  public void replaced() {
    link.drain(AgentTunnel.REPLACED);
  }

  /**
   * Closes the tunnel at once.
   *
   * @param cause why; the exchanges under way end with it
   */
  public void abort(Throwable cause) {
    link.abort(cause);
  }

  private final class FromLink implements LinkListener {

    private final Listener listener;

    FromLink(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onOpen() {
      listener.onOpen();
      ReportReader reader = new ReportReader(listener);
      reader.stream = link.open(AgentTunnel.reportRequest(), true, reader);
    }

    @Override
    public void onAlive() {
      listener.onAlive();
    }

    @Override
    public void onDraining() {
      listener.onDraining();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      if (cause != null) {
        listener.onClosed(cause);
      } else {
        // The last answers and the GOAWAY are perhaps still on their way.
        channel.whenPipeClosed(() -> listener.onClosed(channel.cause()));
      }
    }
  }

  /** Reads the lines of the agent's report. */
  private static final class ReportReader implements HttpStream.Listener {

    private final Listener listener;
    private final StringBuilder line = new StringBuilder();
    private @Nullable HttpStream stream;

    ReportReader(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      // Only the lines matter.
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      HttpStream present = Objects.requireNonNull(stream, "stream");
      int bytes = data.readableBytes();
      try {
        line.append(data.toString(StandardCharsets.UTF_8));
      } finally {
        data.release();
      }
      try {
        for (int newline; (newline = line.indexOf("\n")) >= 0; line.delete(0, newline + 1)) {
          listener.onReport(AgentReport.parse(line.substring(0, newline)));
        }
        if (line.length() > AgentReport.LONGEST) {
          throw new InvalidException("agent's report: a line of over 1 KiB (expected: shorter)");
        }
      } catch (InvalidException e) {
        present.reset(Reset.PROTOCOL);
        listener.onReport(new AgentReport(false, null));
        return;
      }
      present.consume(bytes);
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      // An end like any other.
    }

    @Override
    public void onReset(Reset reason) {
      // The tunnel's own end tells the rest.
    }

    @Override
    public void onSent(int bytes) {
      // Nothing is sent.
    }
  }
}
