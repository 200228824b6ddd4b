package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RequestTarget;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tunnels that are replaced while they are in use. */
class RotationTest {

  private static final ClusterName PROD = ClusterName.of("prod");
  private static final int EXCHANGES_EACH = 12;
  private static final int ROTATIONS = 100;
  private static final int AT_ONCE = 6;

  private final MemoryMetrics atHub = new MemoryMetrics();
  private final MemoryMetrics atAgent = new MemoryMetrics();
  private final InMemoryTransport memory = InMemoryTransport.create();
  private final AtomicInteger dialled = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger whole = new AtomicInteger();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private FairleadHub hub;
  private TestApiServer api;
  private FairleadAgent agent;
  private Thread answering;

  @BeforeEach
  void start() throws Exception {
    api = new TestApiServer();
    answering = new Thread(this::answer, "api-server");
    answering.start();
    hub =
        FairleadHub.builder()
            .transport(memory.hub())
            .authorizer(
                request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all")))
            .audit(new MemoryAuditSink(100_000))
            .keepInMemory()
            .metrics(atHub)
            .drainFor(Duration.ZERO)
            .build();
    hub.start();
    hub.fleet().issueInstallToken(PROD);
  }

  @AfterEach
  void stop() throws Exception {
    if (agent != null) {
      agent.close();
    }
    hub.close();
    answering.interrupt();
    answering.join();
    api.close();
  }

  private void answer() {
    try {
      while (true) {
        TestApiServer.Seen seen = api.requests.take();
        seen.answer("200", seen.head().path().toString());
      }
    } catch (InterruptedException e) {
      // The test is over.
    }
  }

  private void startAgent(int rotateAfter) throws InterruptedException {
    agent =
        FairleadAgent.builder()
            .dial(new Counted(memory.agent(PROD, "agent-1")))
            .withoutCredentials()
            .cluster(api.address())
            .rotateAfter(rotateAfter)
            .metrics(atAgent)
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(30));
  }

  @Test
  void aHundredRotationsUnderLoadLoseNoExchange() throws Exception {
    startAgent(EXCHANGES_EACH);
    for (int i = 0; i < AT_ONCE; i++) {
      next();
    }
    done.get(120, TimeUnit.SECONDS);

    assertThat(whole.get()).isGreaterThanOrEqualTo(ROTATIONS * EXCHANGES_EACH);
    assertThat(dialled.get()).isGreaterThan(ROTATIONS);
    assertThat(atHub.value(FairleadMetrics.LINKS, "tunnel")).isGreaterThanOrEqualTo(ROTATIONS);
    assertThat(atAgent.value(FairleadMetrics.RECONNECTS)).isGreaterThanOrEqualTo(ROTATIONS - 1);
  }

  @Test
  void aTunnelThatMayCarryMoreIsKept() throws Exception {
    startAgent(1_000_000_000);
    begun.set(ROTATIONS * EXCHANGES_EACH - 20);
    whole.set(ROTATIONS * EXCHANGES_EACH - 20);
    next();
    done.get(60, TimeUnit.SECONDS);

    assertThat(dialled).hasValue(1);
    assertThat(atHub.value(FairleadMetrics.LINKS_OPEN, "tunnel")).isEqualTo(1);
    assertThat(atHub.value(FairleadMetrics.STREAMS, "tunnel")).isGreaterThan(20);
    assertThat(atAgent.value(FairleadMetrics.STREAMS, "tunnel")).isGreaterThan(20);
    assertThat(atAgent.value(FairleadMetrics.STREAMS, "upstream")).isGreaterThanOrEqualTo(20);
    agent.close();
    hub.close();
    assertThat(atHub.value(FairleadMetrics.LINKS_OPEN, "tunnel")).isZero();
    assertThat(atHub.value(FairleadMetrics.STREAMS_OPEN, "tunnel")).isZero();
    assertThat(atAgent.value(FairleadMetrics.LINKS_OPEN, "tunnel")).isZero();
    assertThat(atAgent.value(FairleadMetrics.LINKS_OPEN, "upstream")).isZero();
  }

  @Test
  void aTunnelCarriesAtLeastOneExchange() {
    assertThatThrownBy(() -> FairleadAgent.builder().rotateAfter(0).build())
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("rotateAfter: 0 (expected: 1 to 1000000000)");
  }

  /** The next exchange, unless there were enough: all of them, and all rotations. */
  private void next() {
    if (whole.get() >= ROTATIONS * EXCHANGES_EACH
        && (dialled.get() > ROTATIONS || dialled.get() == 1)) {
      done.complete(null);
      return;
    }
    String path = "/api/v1/namespaces/n" + begun.incrementAndGet();
    Call call = new Call(hub.eventLoops().next(), path);
    call.executor.execute(
        () ->
            hub.exchanges()
                .serve(
                    call,
                    Heads.create().method("GET").path(path).scheme("https").authority("hub"),
                    true,
                    new ClusterRequest(PROD, RequestTarget.parse(path)),
                    new Caller(Identity.user("alice"), "test", "", "")));
  }

  /** One exchange, whose answer has to be whole. */
  private final class Call implements HttpStream {
    private final EventExecutor executor;
    private final String path;
    private final StringBuilder body = new StringBuilder();
    private HttpStream.Listener listener;
    private int status;

    Call(EventExecutor executor, String path) {
      this.executor = executor;
      this.path = path;
    }

    @Override
    public EventExecutor executor() {
      return executor;
    }

    @Override
    public void listen(Listener hears) {
      executor.execute(() -> listener = hears);
    }

    @Override
    public void sendHead(Http2Headers head, boolean end) {
      executor.execute(() -> status = Heads.status(head));
    }

    @Override
    public void sendData(ByteBuf data, boolean end) {
      executor.execute(
          () -> {
            int bytes = data.readableBytes();
            body.append(data.toString(StandardCharsets.UTF_8));
            data.release();
            if (listener != null) {
              listener.onSent(bytes);
            }
            if (end) {
              ended();
            }
          });
    }

    private void ended() {
      if (status == 200 && body.toString().equals(path)) {
        whole.incrementAndGet();
        next();
      } else {
        done.completeExceptionally(new AssertionError(path + ": " + status + " " + body));
      }
    }

    @Override
    public void sendTrailers(Http2Headers trailers) {
      done.completeExceptionally(new AssertionError("unexpected trailers"));
    }

    @Override
    public void consume(int bytes) {
      // No body is sent.
    }

    @Override
    public void reset(Reset reason) {
      done.completeExceptionally(new AssertionError(path + ": lost, " + reason));
    }
  }

  /** Counts the tunnels. */
  private final class Counted implements AgentTransport {
    private final AgentTransport counted;

    Counted(AgentTransport counted) {
      this.counted = counted;
    }

    @Override
    public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
      return counted.enrol(tls, token, csr);
    }

    @Override
    public Enrolment renew(TlsMaterial tls, byte[] csr) {
      return counted.renew(tls, csr);
    }

    @Override
    public Pipe dial(TlsMaterial tls) {
      dialled.incrementAndGet();
      return counted.dial(tls);
    }

    @Override
    public void close() {
      counted.close();
    }
  }
}
