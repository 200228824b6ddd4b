package dev.fairlead.agent;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.HubTunnel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The hub's end of tunnels over the in-memory transport, without a hub. */
final class TestHub implements HubEndpoint, AutoCloseable {

  /** One tunnel, and what it told. */
  static final class Tunnel implements HubTunnel.Listener {
    final CompletableFuture<Void> open = new CompletableFuture<>();
    final CompletableFuture<Void> draining = new CompletableFuture<>();
    final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
    final BlockingQueue<AgentReport> reports = new LinkedBlockingQueue<>();
    volatile HubTunnel end;

    @Override
    public void onOpen() {
      open.complete(null);
    }

    @Override
    public void onAlive() {}

    @Override
    public void onDraining() {
      draining.complete(null);
    }

    @Override
    public void onReport(AgentReport report) {
      reports.add(report);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(cause);
    }

    AgentReport report() {
      try {
        AgentReport report = reports.poll(20, TimeUnit.SECONDS);
        if (report == null) {
          throw new AssertionError("no report came");
        }
        return report;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    Answer get(String path) {
      return send(Identity.user("alice"), request("GET", path), true, new Answer());
    }

    Answer send(Identity identity, Http2Headers head, boolean end, Answer answer) {
      CompletableFuture<Answer> begun = new CompletableFuture<>();
      this.end
          .executor()
          .execute(
              () -> {
                try {
                  answer.stream =
                      this.end.exchange(new ExchangeHead(identity, "audit-1", head), end, answer);
                  begun.complete(answer);
                } catch (RuntimeException e) {
                  begun.completeExceptionally(e);
                }
              });
      return Answer.soon(begun);
    }
  }

  final BlockingQueue<Tunnel> tunnels = new LinkedBlockingQueue<>();
  private final List<Tunnel> all = new CopyOnWriteArrayList<>();
  final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
  private final InMemoryTransport transport = InMemoryTransport.create();
  private final HubTransport listening = transport.hub();
  private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
  private final Time time;
  private final TlsMaterial tls;
  volatile BiFunction<InstallToken, byte[], Enrolment> enrol =
      (token, csr) -> {
        throw new AssertionError("unexpected enrolment");
      };
  volatile BiFunction<Peer, byte[], Enrolment> renew =
      (peer, csr) -> {
        throw new AssertionError("unexpected renewal");
      };
  volatile @Nullable RuntimeException refusal;

  TestHub(Time time) {
    this(time, new NoCredentials().current());
  }

  TestHub(Time time, TlsMaterial tls) {
    this.time = time;
    this.tls = tls;
    listening.start(this);
  }

  static Http2Headers request(String method, String path) {
    return Heads.create().method(method).path(path).scheme("https").authority("hub.example.com");
  }

  AgentTransport local() {
    return transport.agent(new ClusterName("prod"), "agent-1");
  }

  AgentTransport certified() {
    return transport.agent();
  }

  Tunnel tunnel() {
    try {
      Tunnel tunnel = tunnels.poll(20, TimeUnit.SECONDS);
      if (tunnel == null) {
        throw new AssertionError("no tunnel came");
      }
      Answer.soon(tunnel.open);
      return tunnel;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public TlsMaterial tls() {
    return tls;
  }

  @Override
  public Enrolment enrol(InstallToken token, byte[] csr) {
    return enrol.apply(token, csr);
  }

  @Override
  public Enrolment renew(Peer peer, byte[] csr) {
    return renew.apply(peer, csr);
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    RuntimeException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    peers.add(peer);
    Tunnel tunnel = new Tunnel();
    tunnel.end = HubTunnel.open(pipe, loops.next(), LinkSettings.TUNNEL, time, tunnel);
    all.add(tunnel);
    tunnels.add(tunnel);
  }

  @Override
  public void close() {
    for (Tunnel tunnel : all) {
      tunnel.end.abort(new TransportException("the test is over"));
      Answer.soon(tunnel.closed);
    }
    listening.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
