package dev.fairlead.transport.websocket;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.metrics.MemoryMetrics;
import dev.fairlead.core.tls.Newcomers;
import dev.fairlead.testkit.TestAuthority;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A hub that echoes, ends when its agent ends, and tells what its pipes are told. */
final class HubUnderTest implements HubEndpoint, AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  final TestAuthority authority = TestAuthority.create();
  final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
  final MemoryMetrics metrics = new MemoryMetrics();
  final HubTransport transport;
  // Whether its pipes take what comes.
  volatile boolean takes = true;

  HubUnderTest(@Nullable Time time) {
    this(time, Newcomers.MOST_OF_AGENTS);
  }

  HubUnderTest(@Nullable Time time, int mostNewcomers) {
    transport = new WebSocketHubTransport(new HostPort("127.0.0.1", 0), false, time, mostNewcomers);
    transport.start(this);
  }

  int port() {
    return Integer.parseInt(transport.address().replaceAll(".*:", ""));
  }

  RawAgent agent() throws Exception {
    return new RawAgent(authority.client("agent"), port());
  }

  Object event() throws InterruptedException {
    Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened");
    }
    return event;
  }

  @Override
  public TlsMaterial tls() {
    return authority.server();
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public Enrolment enrol(InstallToken token, byte[] csr) {
    return new Enrolment(List.of(authority.certificate(), authority.certificate()));
  }

  @Override
  public Enrolment renew(Peer peer, byte[] csr) {
    return new Enrolment(List.of(authority.certificate(), authority.certificate()));
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    pipe.start(
        new Pipe.Listener() {
          @Override
          public void onReady() {
            if (takes) {
              pipe.request(1);
            }
          }

          @Override
          public void onData(ByteBuffer data) {
            pipe.write(data);
            pipe.request(1);
          }

          @Override
          public void onEnd() {
            events.add("end");
            pipe.end();
          }

          @Override
          public void onClosed(@Nullable Throwable cause) {
            events.add(cause == null ? "closed" : cause);
          }
        });
  }

  @Override
  public void close() {
    transport.close();
  }
}
