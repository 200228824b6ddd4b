package dev.fairlead.gateway;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.channel.DefaultEventLoop;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** An agent whose exchanges a test takes and answers by hand. */
final class ScriptedAgent implements AutoCloseable {

  /** For a transport that has no TLS. */
  static final TlsMaterial NO_TLS = new TlsMaterial(List.of(), List.of(new TrustsNobody()));

  /** An exchange as the agent got it. */
  record Taken(ExchangeHead head, HttpStream stream, boolean end) {}

  final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
  final CompletableFuture<Void> open = new CompletableFuture<>();
  final CompletableFuture<Void> draining = new CompletableFuture<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final SystemTime time = new SystemTime();
  private final AgentTransport transport;
  private final AgentTunnel tunnel;

  ScriptedAgent(InMemoryTransport memory, String cluster, String id) {
    transport = memory.agent(ClusterName.of(cluster), id);
    tunnel =
        AgentTunnel.open(transport.dial(NO_TLS), loop, LinkSettings.TUNNEL, time, new FromTunnel());
  }

  Taken next() throws InterruptedException {
    Taken next = taken.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no exchange arrived within 10 s");
    }
    return next;
  }

  void report(boolean reachesApiServer) {
    tunnel.report(new AgentReport(reachesApiServer, "v1.33.1"));
  }

  void vanish() {
    tunnel.abort(new IllegalStateException("the agent was killed"));
  }

  @Override
  public void close() {
    vanish();
    transport.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    time.close();
  }

  private final class FromTunnel implements AgentTunnel.Listener {
    @Override
    public void onOpen() {
      open.complete(null);
    }

    @Override
    public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
      taken.add(new Taken(exchange, stream, end));
    }

    @Override
    public void onDraining() {
      draining.complete(null);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(null);
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
