package dev.fairlead.agent;

import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import org.jspecify.annotations.Nullable;

/** One tunnel of an agent, from the dial to its end. On the tunnels' event loop only. */
final class Session implements AgentTunnel.Listener {

  private final Tunnels tunnels;
  private final int generation;
  private @Nullable AgentTunnel tunnel;
  private boolean open;
  private boolean draining;
  private boolean replaced;
  private long openedAt;
  private int carried;

  Session(Tunnels tunnels, int generation) {
    this.tunnels = tunnels;
    this.generation = generation;
  }

  void begun(AgentTunnel begun) {
    tunnel = begun;
  }

  AgentTunnel tunnel() {
    AgentTunnel present = tunnel;
    if (present == null) {
      throw new IllegalStateException("session: no tunnel (expected: it was begun)");
    }
    return present;
  }

  /** Which renewal's certificate it was dialled with. */
  int generation() {
    return generation;
  }

  boolean isOpen() {
    return open;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether the hub says that a newer tunnel took its place. */
  boolean isReplaced() {
    return replaced;
  }

  long openedAt() {
    return openedAt;
  }

  /** How many exchanges it has carried. */
  int carried() {
    return carried;
  }

  void drain() {
    draining = true;
    tunnel().drain();
  }

  @Override
  public void onOpen() {
    open = true;
    openedAt = tunnels.now();
    tunnels.opened(this);
  }

  @Override
  public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
    tunnels.serve(exchange, stream, end);
    carried++;
    tunnels.carried(this);
  }

  @Override
  public void onReplaced() {
    replaced = true;
  }

  @Override
  public void onDraining() {
    draining = true;
    tunnels.draining(this);
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    open = false;
    tunnels.closed(this, cause);
  }
}
