package dev.fairlead.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.testkit.TestAuthority;
import dev.fairlead.transport.grpc.proto.AgentServiceGrpc;
import dev.fairlead.transport.grpc.proto.Chunk;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Either side talks with one that was generated from agent.proto. */
class WireCompatibilityTest {

  private final TestAuthority authority = TestAuthority.create();
  private final EchoHub echo = new EchoHub(authority.server());
  private final HubTransport hub = GrpcTransport.listen(0);
  private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
  private ManagedChannel channel;
  private Server server;

  @AfterEach
  void close() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    }
    hub.close();
  }

  private ManagedChannel channelToHub() {
    hub.start(echo);
    TlsMaterial tls = authority.client("agent");
    channel =
        Grpc.newChannelBuilder(
                "localhost:" + hub.address().replaceAll(".*:", ""),
                TlsChannelCredentials.newBuilder()
                    .keyManager(tls.keyManagers().toArray(KeyManager[]::new))
                    .trustManager(tls.trustManagers().toArray(TrustManager[]::new))
                    .build())
            .build();
    return channel;
  }

  private <T> StreamObserver<T> receiving() {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        received.add(value);
      }

      @Override
      public void onError(Throwable failure) {
        received.add(Status.fromThrowable(failure));
      }

      @Override
      public void onCompleted() {
        received.add("completed");
      }
    };
  }

  private Object next() throws InterruptedException {
    Object next = received.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("an answer within 30 s").isNotNull();
    return next;
  }

  private static Chunk data(byte... bytes) {
    return Chunk.newBuilder().setData(ByteString.copyFrom(bytes)).build();
  }

  private static Chunk end() {
    return Chunk.newBuilder().setEnd(true).build();
  }

  @Test
  void aGeneratedAgentTalksWithTheHub() throws Exception {
    StreamObserver<Chunk> tunnel = AgentServiceGrpc.newStub(channelToHub()).tunnel(receiving());
    tunnel.onNext(data((byte) 1, (byte) 2));
    assertThat(next()).isEqualTo(data((byte) 1, (byte) 2));
    tunnel.onNext(Chunk.getDefaultInstance());
    tunnel.onNext(data((byte) 3).toBuilder().setEnd(true).build());
    assertThat(next()).isEqualTo(data((byte) 3));
    assertThat(next()).isEqualTo(end());
    assertThat(next()).isEqualTo("completed");
    assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isEqualTo("in order");
  }

  @Test
  void anAgentThatOnlyHalfClosesHasEnded() throws Exception {
    StreamObserver<Chunk> tunnel = AgentServiceGrpc.newStub(channelToHub()).tunnel(receiving());
    tunnel.onNext(data((byte) 1));
    tunnel.onCompleted();
    assertThat(next()).isEqualTo(data((byte) 1));
    assertThat(next()).isEqualTo(end());
    assertThat(next()).isEqualTo("completed");
  }

  @Test
  void aChunkAboveTheLimitIsRefused() throws Exception {
    StreamObserver<Chunk> tunnel = AgentServiceGrpc.newStub(channelToHub()).tunnel(receiving());
    tunnel.onNext(data(new byte[Pipe.MAX_CHUNK + 1]));
    Status status = (Status) next();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("65537");
    assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
  }

  @Test
  void aMessageAboveTheLimitIsRefusedUnread() throws Exception {
    StreamObserver<Chunk> tunnel = AgentServiceGrpc.newStub(channelToHub()).tunnel(receiving());
    tunnel.onNext(data(new byte[1 << 20]));
    assertThat(next()).isInstanceOf(Status.class).isNotEqualTo(Status.OK);
    assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
  }

  @Test
  void aChunkAfterTheEndIsRefused() throws Exception {
    StreamObserver<Chunk> tunnel = AgentServiceGrpc.newStub(channelToHub()).tunnel(receiving());
    tunnel.onNext(end());
    tunnel.onNext(data((byte) 1));
    Object last = next();
    while (last instanceof Chunk) {
      last = next();
    }
    // The echo may have closed the pipe in order before the chunk came.
    assertThat(
            last.equals("completed") || ((Status) last).getCode() == Status.Code.INVALID_ARGUMENT)
        .isTrue();
  }

  @Test
  void garbageIsRefused() throws Exception {
    MethodDescriptor<byte[], byte[]> raw =
        AgentServiceGrpc.getTunnelMethod().toBuilder(new Raw(), new Raw()).build();
    StreamObserver<byte[]> tunnel =
        ClientCalls.asyncBidiStreamingCall(
            channelToHub().newCall(raw, CallOptions.DEFAULT), receiving());
    tunnel.onNext(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});
    assertThat(((Status) next()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private AgentTransport agentOfGeneratedHub() throws IOException {
    TlsMaterial tls = authority.server();
    server =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.newBuilder()
                    .keyManager(tls.keyManagers().toArray(KeyManager[]::new))
                    .trustManager(tls.trustManagers().toArray(TrustManager[]::new))
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .addService(
                new AgentServiceGrpc.AgentServiceImplBase() {
                  @Override
                  public StreamObserver<Chunk> tunnel(StreamObserver<Chunk> answers) {
                    answers.onNext(Chunk.getDefaultInstance());
                    return new GeneratedEcho(answers);
                  }
                })
            .build()
            .start();
    return GrpcTransport.to("localhost", server.getPort());
  }

  private record GeneratedEcho(StreamObserver<Chunk> answers) implements StreamObserver<Chunk> {
    @Override
    public void onNext(Chunk chunk) {
      answers.onNext(chunk);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  @Test
  void theAgentTalksWithAGeneratedHub() throws Exception {
    try (AgentTransport transport = agentOfGeneratedHub()) {
      Agent agent = new Agent(transport.dial(authority.client("agent"))).ready();
      byte[] sent = random(Pipe.MAX_CHUNK);
      agent.send(sent);
      assertThat(Arrays.equals(agent.receive(sent.length), sent)).isTrue();
      agent.end();
      agent.awaitEnd();
      assertThat(agent.closed()).isEqualTo("in order");
    }
  }

  @Test
  void aPipeOutlivesThatItsConnectionTakesNoFurtherCalls() throws Exception {
    try (AgentTransport transport = agentOfGeneratedHub()) {
      Agent agent = new Agent(transport.dial(authority.client("agent"))).ready();
      server.shutdown();
      for (int round = 0; round < 20; round++) {
        byte[] sent = random(Pipe.MAX_CHUNK);
        agent.send(sent);
        assertThat(Arrays.equals(agent.receive(sent.length), sent)).isTrue();
      }
      agent.end();
      assertThat(agent.closed()).isEqualTo("in order");
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
