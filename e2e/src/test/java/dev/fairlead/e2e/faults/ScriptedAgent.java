package dev.fairlead.e2e.faults;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.tunnel.AgentReport;
import dev.fairlead.core.tunnel.AgentTunnel;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.pki.AgentCredentials;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.testkit.fault.Faults;
import io.netty.channel.EventLoopGroup;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An agent that enrolled, and whose exchanges a test takes; it has a tunnel for each connect. */
final class ScriptedAgent implements AutoCloseable {

  final Faults faults;
  final AgentCredentials credentials;
  private final AgentTransport transport;
  private final TlsMaterial tls;
  private final EventLoopGroup loops;
  private final Time time;

  private ScriptedAgent(
      AgentTransport transport,
      Faults faults,
      AgentCredentials credentials,
      EventLoopGroup loops,
      Time time) {
    this.transport = transport;
    this.faults = faults;
    this.credentials = credentials;
    this.tls =
        new TlsMaterial(
            List.of(credentials.keyManagers()), List.of(credentials.trustManagers(time)));
    this.loops = loops;
    this.time = time;
  }

  static ScriptedAgent enrol(
      AgentTransport bare,
      InstallToken token,
      CertificatePin pin,
      EventLoopGroup loops,
      Time time) {
    Faults faults = Faults.none(time);
    AgentTransport transport = faults.wrap(bare);
    try {
      AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
      KeyPair pair = keys.newKeyPair();
      TlsMaterial trust = new TlsMaterial(List.of(), List.of(pin.trustManager(time)));
      Enrolment enrolment = transport.enrol(trust, token, keys.csr(pair));
      List<X509Certificate> chain = enrolment.chain();
      AgentCredentials credentials =
          AgentCredentials.of(pair.getPrivate(), chain.get(0), chain.get(chain.size() - 1));
      return new ScriptedAgent(transport, faults, credentials, loops, time);
    } catch (RuntimeException e) {
      transport.close();
      faults.close();
      throw e;
    }
  }

  /** Dials; the tunnel may be refused. */
  Tunnel dial() {
    return dial(tls);
  }

  Tunnel dial(TlsMaterial shown) {
    Tunnel tunnel = new Tunnel();
    tunnel.ours =
        AgentTunnel.open(
            transport.dial(shown), loops.next(), LinkSettings.TUNNEL, time, tunnel.new FromHub());
    tunnel.report(true);
    return tunnel;
  }

  /** Dials, and returns once the hub has spoken. */
  Tunnel connect() {
    Tunnel tunnel = dial();
    Patience.within(tunnel.open);
    return tunnel;
  }

  @Override
  public void close() {
    transport.close();
    faults.close();
  }

  /** One tunnel, and what came through it. */
  static final class Tunnel {

    final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    final AtomicInteger count = new AtomicInteger();
    final CompletableFuture<Void> open = new CompletableFuture<>();
    final CompletableFuture<Void> draining = new CompletableFuture<>();

    /** The cause, or a text where there was none. */
    final CompletableFuture<Object> closed = new CompletableFuture<>();

    /** What it does with each exchange: keeps it in {@link #taken} unless set. */
    volatile Consumer<Taken> onExchange = taken::add;

    private AgentTunnel ours;

    Tunnel answering(String body) {
      onExchange = exchange -> exchange.answer(body);
      return this;
    }

    Taken next() {
      try {
        Taken next = taken.poll(30, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("no exchange arrived within 30 s");
        }
        return next;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void report(boolean reachesApiServer) {
      ours.report(new AgentReport(reachesApiServer, "v1.33.1"));
    }

    void drain() {
      ours.drain();
    }

    /** The report among them. */
    int activeExchanges() {
      return ours.activeExchanges();
    }

    private final class FromHub implements AgentTunnel.Listener {
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
      public void onClosed(Throwable cause) {
        closed.complete(cause == null ? "in order" : cause);
        open.completeExceptionally(new AssertionError("closed before it was open", cause));
      }
    }
  }
}
