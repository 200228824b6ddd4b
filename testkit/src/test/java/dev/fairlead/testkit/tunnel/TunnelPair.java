package dev.fairlead.testkit.tunnel;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.core.tunnel.HubTunnel;
import dev.fairlead.testkit.ManualTime;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A hub's and an agent's end of one tunnel over the in-memory transport. */
final class TunnelPair implements AutoCloseable {

  /** An exchange as the agent got it. */
  record Taken(ExchangeHead head, HttpStream stream, boolean end) {}

  static final Identity ALICE = Identity.user("alice").inGroups("dev");

  final ManualTime time = ManualTime.create();
  final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
  final BlockingQueue<AgentReport> reports = new LinkedBlockingQueue<>();
  final CompletableFuture<Void> hubOpen = new CompletableFuture<>();
  final CompletableFuture<Void> hubDraining = new CompletableFuture<>();
  final CompletableFuture<@Nullable Throwable> hubClosed = new CompletableFuture<>();
  final CompletableFuture<Void> agentDraining = new CompletableFuture<>();
  final CompletableFuture<@Nullable Throwable> agentClosed = new CompletableFuture<>();
  final HubTunnel hub;
  final AgentTunnel agent;
  private final EventLoopGroup loops = new DefaultEventLoopGroup(2);
  private final HubTransport listening;

  TunnelPair() {
    this(LinkSettings.TUNNEL);
  }

  TunnelPair(LinkSettings settings) {
    InMemoryTransport transport = InMemoryTransport.create();
    listening = transport.hub();
    CompletableFuture<HubTunnel> accepted = new CompletableFuture<>();
    listening.start(
        new Endpoint() {
          @Override
          public void accept(Pipe pipe, Peer peer) {
            accepted.complete(HubTunnel.open(pipe, loops.next(), settings, time, new ForHub()));
          }
        });
    Pipe dialled =
        transport
            .agent(ClusterName.of("dev"), "a1")
            .dial(new TlsMaterial(List.of(), List.of(new TrustsNobody())));
    agent = AgentTunnel.open(dialled, loops.next(), settings, time, new ForAgent());
    hub = within(accepted);
    within(hubOpen);
  }

  static <T> T within(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(10, TimeUnit.SECONDS);
    if (found == null) {
      throw new AssertionError("nothing arrived within 10 s");
    }
    return found;
  }

  static Http2Headers request(String method, String path) {
    return Heads.create().method(method).path(path).scheme("https").authority("hub");
  }

  /** Opens an exchange as the hub does, on the tunnel's event loop. */
  HttpStream open(Http2Headers head, boolean end, HttpStream.Listener listener) {
    return open(ALICE, head, end, listener);
  }

  HttpStream open(Identity identity, Http2Headers head, boolean end, HttpStream.Listener listener) {
    CompletableFuture<HttpStream> opened = new CompletableFuture<>();
    hub.executor()
        .execute(
            () -> {
              try {
                opened.complete(
                    hub.exchange(new ExchangeHead(identity, "audit-1", head), end, listener));
              } catch (RuntimeException e) {
                opened.completeExceptionally(e);
              }
            });
    return within(opened);
  }

  @Override
  public void close() {
    hub.abort(new IllegalStateException("test is over"));
    within(hubClosed);
    within(agentClosed);
    listening.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class ForHub implements HubTunnel.Listener {
    @Override
    public void onOpen() {
      hubOpen.complete(null);
    }

    @Override
    public void onAlive() {
      // Not looked at here.
    }

    @Override
    public void onDraining() {
      hubDraining.complete(null);
    }

    @Override
    public void onReport(AgentReport report) {
      reports.add(report);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      hubClosed.complete(cause);
    }
  }

  private final class ForAgent implements AgentTunnel.Listener {
    @Override
    public void onOpen() {
      // The hub's own opening is waited for.
    }

    @Override
    public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
      taken.add(new Taken(exchange, stream, end));
    }

    @Override
    public void onDraining() {
      agentDraining.complete(null);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      agentClosed.complete(cause);
    }
  }

  private abstract static class Endpoint implements HubEndpoint {
    @Override
    public TlsMaterial tls() {
      return new TlsMaterial(List.of(), List.of(new TrustsNobody()));
    }

    @Override
    public Enrolment enrol(InstallToken token, byte[] csr) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Enrolment renew(Peer peer, byte[] csr) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class TrustsNobody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
