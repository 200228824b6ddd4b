package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.pipe.Sockets;
import dev.fairlead.gateway.Gateway;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.transport.websocket.WebSocketTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Netty's epoll and OpenSSL are on the classpath of these tests, as they are not in other modules.
 */
class EventLoopsTest {

  private static final List<String> OWN = List.of("fairlead-hub-", "fairlead-agent-loop");

  private static final List<String> OF_TRANSPORTS =
      List.of("fairlead-websocket-hub", "fairlead-websocket-agent", "fairlead-inner-");

  @Test
  void allThatIsOnOurLoopsRunsOnEpollWhereItIsThere() throws Exception {
    assertThat(Sockets.best()).isEqualTo(Sockets.EPOLL);
    whileRequestsAreAnswered(
        builder -> builder,
        hub ->
            await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                    () ->
                        assertThat(OWN)
                            .allSatisfy(
                                name ->
                                    assertThat(framesOf(name))
                                        .anyMatch(
                                            frame -> frame.startsWith("io.netty.channel.epoll."))
                                        .noneMatch(frame -> frame.startsWith("sun.nio.ch.")))));
  }

  @Test
  void tunnelsOverWebSocketRunOnTheLoopsOfTheirHubAndAgent() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    whileRequestsAreAnswered(
        builder -> builder,
        hub -> assertThat(threadsSince(before)).noneMatch(this::isOfATransport));
  }

  @Test
  void noTlsIsTheJdksWhereOpenSslIsThere(@TempDir Path directory) throws Exception {
    OpenSsl.ensureAvailability();
    try (Recording handshakesOfTheJdk = new Recording()) {
      handshakesOfTheJdk.enable("jdk.TLSHandshake");
      handshakesOfTheJdk.start();
      whileRequestsAreAnswered(builder -> builder, hub -> handshakesOfTheJdk.stop());
      Path events = directory.resolve("handshakes.jfr");
      handshakesOfTheJdk.dump(events);
      assertThat(RecordingFile.readAllEvents(events))
          .as("the raw client of this test and its API server have the JDK's TLS")
          .extracting(event -> event.getThread().getJavaName())
          .isNotEmpty()
          .noneMatch(thread -> thread.startsWith("fairlead-"));
    }
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void loopsOfAnEmbedderAreUsedAsTheyAre(Sockets kind) throws Exception {
    EventLoopGroup loops = kind.loops(2, new DefaultThreadFactory("embedder", true));
    try {
      whileRequestsAreAnswered(
          builder -> builder.eventLoops(loops),
          hub -> assertThat(Sockets.of(hub.eventLoops())).isEqualTo(kind));
    } finally {
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Test
  void keepaliveIsSetOnEpoll() {
    EventLoopGroup loops = Sockets.EPOLL.loops(1, new DefaultThreadFactory("keepalive", true));
    try {
      Channel listening =
          new ServerBootstrap()
              .group(loops)
              .channel(Sockets.EPOLL.listening())
              .childHandler(new ChannelInboundHandlerAdapter())
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loops)
              .channel(Sockets.EPOLL.connected())
              .handler(new ChannelInboundHandlerAdapter());
      Sockets.EPOLL.keepAlive(bootstrap, 6, 3, 2);
      Channel connected =
          bootstrap.connect(listening.localAddress()).syncUninterruptibly().channel();
      assertThat(connected).isInstanceOf(EpollSocketChannel.class);
      assertThat(connected.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(6);
      assertThat(connected.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(3);
      assertThat(connected.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(2);
    } finally {
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** A hub, its door, and an agent over WebSocket, through which a request has gone. */
  private static void whileRequestsAreAnswered(
      UnaryOperator<HubBuilder> settings, Consumer<FairleadHub> check) throws Exception {
    HubTransport transport = WebSocketTransport.listen("127.0.0.1", 0);
    try (FairleadHub hub = settings.apply(hub(transport)).build();
        DemoCluster cluster = DemoCluster.builder().build().start()) {
      hub.start();
      try (Gateway door = door(hub);
          Agent agent = agent(hub, transport, cluster)) {
        assertThat(pods(hub, door)).contains("cart-0");
        check.accept(hub);
      }
    }
  }

  private static HubBuilder hub(HubTransport transport) {
    return FairleadHub.builder()
        .transport(transport)
        .authenticator(
            credential ->
                CompletableFuture.completedStage(
                    new Authentication.Authenticated(Identity.user("alice"), "test", null)))
        .authorizer(request -> CompletableFuture.completedStage(new Decision.Allowed("all", "all")))
        .audit(new MemoryAuditSink(100))
        .keepInMemory()
        .drainFor(Duration.ZERO);
  }

  private static Gateway door(FairleadHub hub) {
    Gateway door =
        Gateway.builder(hub)
            .listen("127.0.0.1", 0)
            .tlsByHub("127.0.0.1")
            .drainFor(Duration.ZERO)
            .build();
    door.start();
    return door;
  }

  private static Agent agent(FairleadHub hub, HubTransport transport, DemoCluster cluster)
      throws InterruptedException {
    String address = transport.address();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    FairleadAgent agent =
        FairleadAgent.builder()
            .dial(WebSocketTransport.to("localhost", port))
            .pinning(hub.pin())
            .enrolWith(hub.fleet().issueInstallToken(ClusterName.of("dev")).token())
            .keepInMemory()
            .cluster(ApiServer.kubeconfig(cluster.kubeconfig(), null))
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    agent.awaitConnected(Duration.ofSeconds(30));
    return agent;
  }

  private static String pods(FairleadHub hub, Gateway door) throws Exception {
    try (RawClient user = RawClient.connect(hub.caCertificate(), door.port())) {
      return user.send(
              "GET /clusters/dev/api/v1/namespaces/shop/pods HTTP/1.1\r\n"
                  + "host: 127.0.0.1\r\nauthorization: Bearer x\r\n\r\n")
          .response();
    }
  }

  private boolean isOfATransport(String thread) {
    return OF_TRANSPORTS.stream().anyMatch(thread::startsWith);
  }

  private static List<String> threadsSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .toList();
  }

  /** Of all threads whose name begins so: what they are doing. */
  private static List<String> framesOf(String name) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith(name))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .map(StackTraceElement::getClassName)
        .toList();
  }
}
