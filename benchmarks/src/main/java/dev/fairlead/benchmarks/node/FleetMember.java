package dev.fairlead.benchmarks.node;

import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.channel.EventLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One agent of a fleet: it keeps a tunnel open, and dials again after a wait with full jitter, as
 * agents do. State is touched on its event loop only.
 */
final class FleetMember implements AgentTunnel.Listener {

  private static final long FIRST_MILLIS = 500;
  private static final long LONGEST_MILLIS = 30_000;
  private static final int MOST_DOUBLINGS = 6;

  private final AgentTransport transport;
  private final TlsMaterial tls;
  private final EventLoop loop;
  private final Time time;
  private final FleetCount count;
  private final DialTurns turns;
  private @Nullable AgentTunnel tunnel;
  private boolean open;
  private boolean dialling;
  private boolean stopped;
  private int tries;

  FleetMember(
      AgentTransport transport,
      TlsMaterial tls,
      EventLoop loop,
      Time time,
      FleetCount count,
      DialTurns turns) {
    this.transport = transport;
    this.tls = tls;
    this.loop = loop;
    this.time = time;
    this.count = count;
    this.turns = turns;
  }

  void connect() {
    turns.take(() -> loop.execute(this::dial));
  }

  /** Loses the tunnel, as if the network had failed; counted as lost before this returns. */
  void breakOff() {
    count.closed();
    loop.execute(
        () -> {
          AgentTunnel present = tunnel;
          open = false;
          if (present != null) {
            present.abort(new TransportException("the storm"));
          }
        });
  }

  void close() {
    loop.execute(
        () -> {
          stopped = true;
          if (tunnel != null) {
            tunnel.abort(new TransportException("closed"));
          }
        });
  }

  private void dial() {
    dialling = true;
    if (stopped) {
      dialled();
      return;
    }
    try {
      tunnel = AgentTunnel.open(transport.dial(tls), loop, LinkSettings.TUNNEL, time, this);
    } catch (RuntimeException e) {
      dialled();
      later();
    }
  }

  private void dialled() {
    if (dialling) {
      dialling = false;
      turns.pass();
    }
  }

  private void later() {
    long most = Math.min(FIRST_MILLIS << Math.min(tries++, MOST_DOUBLINGS), LONGEST_MILLIS);
    loop.schedule(
        this::connect, ThreadLocalRandom.current().nextLong(most + 1), TimeUnit.MILLISECONDS);
  }

  @Override
  public void onOpen() {
    dialled();
    open = true;
    tries = 0;
    count.opened();
  }

  @Override
  public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
    stream.reset(Reset.REFUSED);
  }

  @Override
  public void onDraining() {
    // Its end follows.
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    dialled();
    tunnel = null;
    if (open) {
      open = false;
      count.closed();
    }
    if (!stopped) {
      later();
    }
  }
}
