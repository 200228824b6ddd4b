package dev.fairlead.agent.upstream;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.Http1ClientConnection;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.status.StatusReason;
import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades, each on an HTTP/1.1 connection that begins and ends with it. On the event loop only.
 */
final class Upgrades {

  private static final Logger log = LoggerFactory.getLogger(Upgrades.class);
  private static final int MOST = 1_000;

  private final Connector connector;
  private final LinkMetrics metrics;
  private final Set<Channel> channels = new LinkedHashSet<>();
  private int underWay;
  private boolean closed;

  Upgrades(Connector connector, LinkMetrics metrics) {
    this.connector = connector;
    this.metrics = metrics;
  }

  void take(UpstreamExchange exchange, ApiAccess access) {
    if (underWay >= MOST) {
      exchange.answer(
          StatusReason.TOO_MANY_REQUESTS,
          "the agent of this cluster has " + MOST + " upgraded connections open");
      return;
    }
    underWay++;
    connector.connect(false, new Upgrade(exchange, access));
  }

  void close() {
    closed = true;
    List.copyOf(channels).forEach(Channel::close);
  }

  /** One upgrade. */
  private final class Upgrade implements Connector.Outcome, Http1ClientConnection.Listener {

    private final UpstreamExchange exchange;
    private final ApiAccess access;

    Upgrade(UpstreamExchange exchange, ApiAccess access) {
      this.exchange = exchange;
      this.access = access;
    }

    @Override
    public void connected(Channel channel, boolean http2) {
      if (closed || exchange.isOver()) {
        underWay--;
        channel.close();
        Connections.unreachable(exchange, "the agent is being closed");
        return;
      }
      channels.add(channel);
      channel.closeFuture().addListener(future -> channels.remove(channel));
      Http1ClientConnection connection =
          new Http1ClientConnection(LinkSettings.HTTP1_WINDOW, metrics, this);
      channel.pipeline().addLast(connection);
      try {
        exchange.start(connection::open, () -> false, access);
      } catch (IllegalArgumentException e) {
        exchange.answer(StatusReason.BAD_REQUEST, String.valueOf(e.getMessage()));
        channel.close();
      } catch (TransportException e) {
        Connections.unreachable(exchange, "it closed the connection");
        channel.close();
      }
    }

    @Override
    public void failed(String reason, Throwable cause) {
      underWay--;
      log.debug("API server: {}", reason, cause);
      Connections.unreachable(exchange, reason);
    }

    @Override
    public void onIdle() {
      throw new IllegalStateException("an upgrade's connection is not used again");
    }

    @Override
    public void onClosed() {
      underWay--;
    }
  }
}
