package dev.fairlead.transport.grpc;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A hub whose pipes send back what they get, and end when the agent ends. */
final class EchoHub implements HubEndpoint {

  private final TlsMaterial tls;
  private final Metrics metrics;
  private final BiFunction<InstallToken, byte[], Enrolment> enrol;

  /** Why its pipes closed; "in order" without a cause. */
  final BlockingQueue<Object> closed = new LinkedBlockingQueue<>();

  EchoHub(TlsMaterial tls) {
    this(tls, Metrics.none());
  }

  EchoHub(TlsMaterial tls, Metrics metrics) {
    this(
        tls,
        metrics,
        (token, csr) -> {
          throw new AssertionError("unexpected");
        });
  }

  EchoHub(TlsMaterial tls, BiFunction<InstallToken, byte[], Enrolment> enrol) {
    this(tls, Metrics.none(), enrol);
  }

  private EchoHub(
      TlsMaterial tls, Metrics metrics, BiFunction<InstallToken, byte[], Enrolment> enrol) {
    this.tls = tls;
    this.metrics = metrics;
    this.enrol = enrol;
  }

  @Override
  public Metrics metrics() {
    return metrics;
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
    throw new AssertionError("unexpected");
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    pipe.start(
        new Pipe.Listener() {
          @Override
          public void onReady() {
            pipe.request(1);
          }

          @Override
          public void onData(ByteBuffer data) {
            pipe.write(data);
            pipe.request(1);
          }

          @Override
          public void onEnd() {
            pipe.end();
          }

          @Override
          public void onClosed(@Nullable Throwable cause) {
            closed.add(cause == null ? "in order" : cause);
          }
        });
  }
}
