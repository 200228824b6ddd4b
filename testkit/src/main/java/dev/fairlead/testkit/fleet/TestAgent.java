package dev.fairlead.testkit.fleet;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.testkit.TestAuthority;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.testkit.fault.Faults;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The agent of one cluster of a {@link TestFleet}. */
public final class TestAgent {

  private static final TlsMaterial NONE = TestAuthority.create().trust();
  private static final int PATIENCE_SECONDS = 30;
  private static final AgentReport WELL = new AgentReport(true, "v1.33.0");

  private final DemoCluster cluster = DemoCluster.builder().build();
  private final Faults faults = Faults.none();
  private final AgentTransport transport;
  private final Time time;
  private final EventLoop loop;
  private @Nullable AgentTunnel tunnel;

  TestAgent(ClusterName name, InMemoryTransport memory, Time time, EventLoop loop) {
    this.transport = faults.wrap(memory.agent(name, name + "-agent"));
    this.time = time;
    this.loop = loop;
  }

  /**
   * The cluster it serves.
   *
   * @return a cluster that does not listen anywhere; it records what the agent asked
   */
  public DemoCluster cluster() {
    return cluster;
  }

  /** Vanishes without a word, as when its machine loses its power. */
  public void vanish() {
    faults.vanish();
  }

  /** Leaves: the tunnel is closed, and the hub is told. */
  public void leave() {
    AgentTunnel present = tunnel;
    if (present != null) {
      present.abort(new TransportException("the agent left"));
    }
  }

  /** Opens a new tunnel, as an agent does that comes back; returns once the hub takes requests. */
  public void connect() {
    CompletableFuture<Void> open = new CompletableFuture<>();
    AgentTunnel next =
        AgentTunnel.open(transport.dial(NONE), loop, LinkSettings.TUNNEL, time, new FromHub(open));
    next.report(WELL);
    tunnel = next;
    open.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  void close() {
    leave();
    transport.close();
    faults.close();
  }

  private final class FromHub implements AgentTunnel.Listener {
    private final CompletableFuture<Void> open;

    FromHub(CompletableFuture<Void> open) {
      this.open = open;
    }

    @Override
    public void onOpen() {
      open.complete(null);
    }

    @Override
    public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
      ClusterExchange.serve(cluster, exchange, stream, end);
    }

    @Override
    public void onDraining() {
      // Tests decide when a new tunnel opens.
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      open.completeExceptionally(
          new TransportException("the tunnel closed before it was open", cause));
    }
  }
}
