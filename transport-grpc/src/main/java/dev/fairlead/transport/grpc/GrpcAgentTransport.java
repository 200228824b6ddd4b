package dev.fairlead.transport.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.transport.grpc.proto.AgentServiceGrpc;
import dev.fairlead.transport.grpc.proto.AgentServiceGrpc.AgentServiceBlockingStub;
import dev.fairlead.transport.grpc.proto.EnrolRequest;
import dev.fairlead.transport.grpc.proto.RenewRequest;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/** An agent's end: a connection for each pipe, enrolment and renewal. */
final class GrpcAgentTransport implements AgentTransport {

  private static final int KEEPALIVE_SECONDS = 30;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;
  private static final int ENROL_SECONDS = 30;
  private static final int CLOSE_SECONDS = 10;

  private final String hub;
  private final Function<ChannelCredentials, ManagedChannelBuilder<?>> builders;
  private final OpenPipes pipes = new OpenPipes();
  private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
  private final CallThreads callbacks = new CallThreads("fairlead-grpc-agent");

  GrpcAgentTransport(String hub, Function<ChannelCredentials, ManagedChannelBuilder<?>> builders) {
    this.hub = hub;
    this.builders = builders;
  }

  @Override
  public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
    EnrolRequest request =
        EnrolRequest.newBuilder().setToken(token.reveal()).setCsr(ByteString.copyFrom(csr)).build();
    return certified(tls, stub -> stub.enrol(request).getChainList());
  }

  @Override
  public Enrolment renew(TlsMaterial tls, byte[] csr) {
    RenewRequest request = RenewRequest.newBuilder().setCsr(ByteString.copyFrom(csr)).build();
    return certified(tls, stub -> stub.renew(request).getChainList());
  }

  private Enrolment certified(
      TlsMaterial tls, Function<AgentServiceBlockingStub, List<ByteString>> call) {
    ManagedChannel channel = connect(tls);
    try {
      return decoded(
          call.apply(
              AgentServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(ENROL_SECONDS, TimeUnit.SECONDS)));
    } catch (StatusRuntimeException failure) {
      throw Statuses.toFailure(hub, failure.getStatus());
    } finally {
      channel.shutdownNow();
      channels.remove(channel);
    }
  }

  private Enrolment decoded(List<ByteString> chain) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (ByteString encoded : chain) {
        InputStream in = encoded.newInput();
        certificates.add((X509Certificate) factory.generateCertificate(in));
      }
      return new Enrolment(certificates);
    } catch (CertificateException | IllegalArgumentException broken) {
      throw new TransportException(
          hub + ": the hub answered with no usable certificate: " + broken.getMessage(), broken);
    }
  }

  @Override
  public Pipe dial(TlsMaterial tls) {
    ManagedChannel channel = connect(tls);
    AgentPipe pipe = new AgentPipe(hub, channel, callbacks, pipes, () -> channels.remove(channel));
    if (!pipes.add(pipe)) {
      channel.shutdownNow();
      throw closed();
    }
    pipe.dial();
    return pipe;
  }

  private ManagedChannel connect(TlsMaterial tls) {
    Objects.requireNonNull(tls, "tls");
    if (pipes.isClosed()) {
      throw closed();
    }
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder()
            .trustManager(tls.trustManagers().toArray(TrustManager[]::new));
    if (!tls.keyManagers().isEmpty()) {
      credentials.keyManager(tls.keyManagers().toArray(KeyManager[]::new));
    }
    ManagedChannel channel =
        builders
            .apply(credentials.build())
            .directExecutor()
            .disableRetry()
            .disableServiceConfigLookUp()
            .maxInboundMessageSize(Methods.MAX_MESSAGE)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .build();
    channels.add(channel);
    if (pipes.isClosed()) {
      channel.shutdownNow();
    }
    return channel;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the agent transport is closed");
  }

  @Override
  public void close() {
    boolean fromCallback = pipes.isCallingBack();
    boolean first = pipes.close(new TransportException(hub + ": the agent's transport was closed"));
    if (!first) {
      return;
    }
    callbacks.close();
    List<ManagedChannel> closing = List.copyOf(channels);
    closing.forEach(ManagedChannel::shutdownNow);
    if (fromCallback) {
      // On a thread of a channel, which terminates once this call has returned.
      return;
    }
    try {
      for (ManagedChannel channel : closing) {
        channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
