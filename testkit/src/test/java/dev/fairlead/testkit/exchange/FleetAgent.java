package dev.fairlead.testkit.exchange;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** An agent whose exchanges a test takes, answers or refuses. */
final class FleetAgent implements AutoCloseable {

  /** An exchange as the agent got it. */
  record Taken(ExchangeHead head, HttpStream stream, boolean end) {

    String path() {
      return String.valueOf(head.head().path());
    }

    void begin() {
      stream.sendHead(Heads.create().status("200"), false);
    }

    void answer(String body) {
      begin();
      stream.sendData(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), true);
    }
  }

  final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
  final AtomicInteger count = new AtomicInteger();
  final CompletableFuture<Void> open = new CompletableFuture<>();
  final CompletableFuture<Void> draining = new CompletableFuture<>();
  final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
  final AgentTunnel tunnel;
  private final AgentTransport transport;

  /** What it does with each exchange: keeps it in {@link #taken} unless set. */
  volatile Consumer<Taken> onExchange = taken::add;

  FleetAgent(
      InMemoryTransport memory,
      String cluster,
      String id,
      EventLoop loop,
      Time time,
      LinkSettings settings) {
    transport = memory.agent(ClusterName.of(cluster), id);
    tunnel =
        AgentTunnel.open(
            transport.dial(new TlsMaterial(List.of(), List.of(new TrustsNobody()))),
            loop,
            settings,
            time,
            new FromTunnel());
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
  }

  private final class FromTunnel implements AgentTunnel.Listener {
    @Override
    public void onOpen() {
      open.complete(null);
    }

    @Override
    public void onExchange(ExchangeHead exchange, HttpStream stream, boolean end) {
      count.incrementAndGet();
      onExchange.accept(new Taken(exchange, stream, end));
    }

    @Override
    public void onDraining() {
      draining.complete(null);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      closed.complete(cause);
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
