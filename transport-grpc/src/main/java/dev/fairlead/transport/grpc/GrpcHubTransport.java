package dev.fairlead.transport.grpc;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.core.tls.HandshakeThreads;
import dev.fairlead.core.tls.Handshakes;
import dev.fairlead.core.tls.Newcomers;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The hub's end: a gRPC server of its own. */
final class GrpcHubTransport implements HubTransport {

  private static final int KEEPALIVE_SECONDS = 30;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;
  private static final int KEEPALIVE_PERMITTED_SECONDS = 10;
  private static final int WITHOUT_CALLS_SECONDS = 60;

  private static final int FLUSH_SECONDS = 1;
  private static final int CLOSE_SECONDS = 10;

  /**
   * What strangers are bounded by.
   *
   * @param handshake how long a handshake takes at most
   * @param handshakes how many are under way
   * @param grace how long one of them gives way to nobody
   * @param connections how many connections have no tunnel
   */
  record Bounds(Duration handshake, int handshakes, Duration grace, int connections) {
    static final Bounds DEFAULT =
        new Bounds(
            Handshakes.LONGEST,
            Handshakes.MOST_OF_AGENTS,
            Newcomers.GRACE_OF_AGENTS,
            Newcomers.MOST_OF_AGENTS);
  }

  /** What a started transport runs. */
  private record Running(
      Server server, AgentService service, Serving serving, HandshakeThreads handshakes) {}

  private final String intended;
  private final boolean behindLoadBalancer;
  private final Supplier<Serving> servings;
  private final Bounds bounds;
  private final SystemTime time = new SystemTime();
  private final ReentrantLock lifecycle = new ReentrantLock();

  // Written under lifecycle.
  private volatile @Nullable Running running;
  private boolean closed;

  GrpcHubTransport(String intended, boolean behindLoadBalancer, Supplier<Serving> servings) {
    this(intended, behindLoadBalancer, servings, Bounds.DEFAULT);
  }

  GrpcHubTransport(
      String intended, boolean behindLoadBalancer, Supplier<Serving> servings, Bounds bounds) {
    this.intended = intended;
    this.behindLoadBalancer = behindLoadBalancer;
    this.servings = servings;
    this.bounds = bounds;
  }

  @Override
  public void start(HubEndpoint endpoint) {
    Objects.requireNonNull(endpoint, "endpoint");
    lifecycle.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the hub transport was closed before");
      }
      if (running != null) {
        throw new IllegalStateException("the hub transport was started before");
      }
      HandshakeThreads handshakes = new HandshakeThreads("fairlead-grpc-tls");
      Strangers strangers =
          new Strangers(
              endpoint.metrics(),
              new Newcomers(bounds.handshakes(), time, bounds.grace(), handshakes.pace()),
              new Newcomers(bounds.connections()));
      AgentService service = new AgentService(endpoint, behindLoadBalancer, strangers, handshakes);
      Serving serving = servings.get();
      try {
        running =
            new Running(
                listen(serving, endpoint, service, strangers, handshakes),
                service,
                serving,
                handshakes);
      } catch (RuntimeException e) {
        service.close();
        serving.stop();
        handshakes.close();
        throw e;
      }
    } finally {
      lifecycle.unlock();
    }
  }

  private Server listen(
      Serving serving,
      HubEndpoint endpoint,
      AgentService service,
      Strangers strangers,
      HandshakeThreads handshakes) {
    Server server =
        serving
            .builder(credentials(endpoint.tls()), strangers, handshakes.pace())
            .addTransportFilter(strangers)
            .addService(service.definition())
            // gRPC does handshakes where calls begin, and so are certificates validated there; all
            // else of a call is done on its event loop.
            .executor(handshakes)
            .callExecutor(direct())
            .maxInboundMessageSize(Methods.MAX_MESSAGE)
            // Agents send nothing compressed, so nothing is unpacked for anybody.
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
            .handshakeTimeout(bounds.handshake().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(WITHOUT_CALLS_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEPALIVE_PERMITTED_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
    start(server);
    return server;
  }

  private static ServerCallExecutorSupplier direct() {
    return new ServerCallExecutorSupplier() {
      @Override
      public <T, A> Executor getExecutor(ServerCall<T, A> call, Metadata headers) {
        return Runnable::run;
      }
    };
  }

  private static ServerCredentials credentials(TlsMaterial tls) {
    return TlsServerCredentials.newBuilder()
        .keyManager(tls.keyManagers().toArray(KeyManager[]::new))
        .trustManager(tls.trustManagers().toArray(TrustManager[]::new))
        .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL)
        .build();
  }

  private void start(Server server) {
    try {
      server.start();
    } catch (IOException failure) {
      server.shutdownNow();
      Throwable cause = failure;
      while (cause.getCause() != null && !(cause instanceof BindException)) {
        cause = cause.getCause();
      }
      String reason = String.valueOf(cause.getMessage());
      throw new TransportException(
          reason.contains("in use")
              ? intended + " is in use (stop what listens there, or choose another port)"
              : "cannot listen at " + intended + ": " + reason,
          failure);
    }
  }

  @Override
  public String address() {
    Running now = running;
    if (now == null) {
      return intended;
    }
    for (var socket : now.server().getListenSockets()) {
      if (socket instanceof InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
            ? "0.0.0.0:" + address.getPort()
            : HostPort.of(address.getAddress().getHostAddress(), address.getPort());
      }
    }
    return intended;
  }

  @Override
  public void close() {
    Running stopping;
    lifecycle.lock();
    try {
      closed = true;
      stopping = running;
    } finally {
      lifecycle.unlock();
    }
    if (stopping != null) {
      stop(stopping);
    }
    time.close();
  }

  private static void stop(Running stopping) {
    // In this order agents learn why: no new connections, then each pipe's status, then the rest.
    Server server = stopping.server().shutdown();
    stopping.service().close();
    try {
      if (!server.awaitTermination(FLUSH_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    stopping.serving().stop();
    stopping.handshakes().close();
  }
}
