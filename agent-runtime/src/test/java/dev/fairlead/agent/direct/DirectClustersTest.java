package dev.fairlead.agent.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.FleetWatch;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.memory.InMemoryTransport;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DirectClustersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ClusterName DEV = ClusterName.of("dev");

  @TempDir private Path directory;
  private final DemoCluster cluster = DemoCluster.builder().build();
  private final InMemoryTransport transport = InMemoryTransport.create();
  private final FairleadHub hub =
      FairleadHub.builder()
          .transport(transport.hub())
          .authorizer(Roles.builder().build())
          .audit(new MemoryAuditSink(100))
          .keepInMemory()
          .drainFor(Duration.ZERO)
          .build();
  private final DirectClusters clusters = DirectClusters.of(hub, transport);

  @BeforeEach
  void start() throws Exception {
    cluster.start();
    hub.start();
  }

  @AfterEach
  void stop() {
    clusters.close();
    hub.close();
    cluster.close();
  }

  private void await(ClusterName name, ClusterStatus expected) throws InterruptedException {
    try (FleetWatch watch = hub.fleet().watch()) {
      while (hub.fleet().get(name).status() != expected) {
        assertThat(watch.next(PATIENCE)).as("%s is %s", name, expected).isPresent();
      }
    }
  }

  @Test
  void kubeconfigsAreTakenAsFilesTextAndBytes() throws Exception {
    String text = cluster.kubeconfig();
    Path file = Files.writeString(directory.resolve("kubeconfig"), text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    clusters.add(ClusterName.of("by-file"), ApiServer.kubeconfig(file));
    clusters.add(ClusterName.of("by-text"), ApiServer.kubeconfig(text, null));
    clusters.add(ClusterName.of("by-bytes"), ApiServer.kubeconfig(bytes, null));
    assertThat(clusters.names())
        .extracting(ClusterName::value)
        .containsExactly("by-bytes", "by-file", "by-text");
    for (ClusterName name : clusters.names()) {
      await(name, ClusterStatus.CONNECTED);
    }
  }

  @Test
  void clustersComeAndGoWhileTheHubRuns() throws Exception {
    var added =
        clusters.add(
            DEV,
            Map.of("tier", "dev"),
            ApiServer.kubeconfig(cluster.kubeconfig(), null),
            Guard.standard());
    await(DEV, ClusterStatus.CONNECTED);
    assertThat(added.labels()).containsEntry("tier", "dev");
    assertThat(hub.fleet().installTokens()).as("nobody else gets in by it").isEmpty();
    clusters.remove(DEV);
    assertThat(added.status()).isEqualTo(ClusterStatus.OFFLINE);
    assertThat(hub.fleet().list()).isEmpty();
    assertThatThrownBy(() -> clusters.remove(DEV)).isInstanceOf(NotFoundException.class);
    clusters.add(DEV, ApiServer.kubeconfig(cluster.kubeconfig(), null));
    await(DEV, ClusterStatus.CONNECTED);
  }

  @Test
  void clusterWhoseApiServerIsGoneIsNotConnected() throws Exception {
    clusters.add(DEV, ApiServer.kubeconfig(cluster.kubeconfig(), null));
    await(DEV, ClusterStatus.CONNECTED);
    cluster.close();
    await(DEV, ClusterStatus.DEGRADED);
  }

  @Test
  void nameIsTakenOnce() {
    ApiServer server = ApiServer.kubeconfig(cluster.kubeconfig(), null);
    clusters.add(DEV, server);
    assertThatThrownBy(() -> clusters.add(DEV, server)).isInstanceOf(ConflictException.class);
    assertThat(clusters.names()).containsExactly(DEV);
  }

  @Test
  void whatCannotBeReadLeavesNothingBehind() {
    ApiServer nowhere = ApiServer.kubeconfig(directory.resolve("nowhere"));
    assertThatThrownBy(() -> clusters.add(DEV, nowhere))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(
            () ->
                clusters.add(
                    DEV,
                    Map.of("no label!", ""),
                    ApiServer.kubeconfig(cluster.kubeconfig(), null),
                    Guard.standard()))
        .isInstanceOf(InvalidException.class);
    assertThat(clusters.names()).isEmpty();
    assertThat(hub.fleet().list()).isEmpty();
  }

  @Test
  void closedOneTakesNoMoreAndLeavesTheClustersOffline() throws Exception {
    ApiServer server = ApiServer.kubeconfig(cluster.kubeconfig(), null);
    clusters.add(DEV, server);
    await(DEV, ClusterStatus.CONNECTED);
    clusters.close();
    await(DEV, ClusterStatus.OFFLINE);
    ClusterName other = ClusterName.of("other");
    assertThatThrownBy(() -> clusters.add(other, server)).isInstanceOf(IllegalStateException.class);
    assertThat(hub.fleet().list()).hasSize(1);
  }

  @Test
  void nothingOfAKubeconfigIsLogged() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("dev.fairlead");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Level before = ours.getLevel();
    logged.start();
    root.addAppender(logged);
    ours.setLevel(Level.TRACE);
    String kubeconfig = cluster.kubeconfig();
    try {
      clusters.add(DEV, ApiServer.kubeconfig(kubeconfig, null));
      await(DEV, ClusterStatus.CONNECTED);
      String broken = kubeconfig.replace("contexts:", "contexts: [[[");
      assertThatThrownBy(
              () -> clusters.add(ClusterName.of("broken"), ApiServer.kubeconfig(broken, null)))
          .isInstanceOf(InvalidException.class)
          .satisfies(e -> assertThat(secrets(kubeconfig)).noneMatch(e.getMessage()::contains));
    } finally {
      root.detachAppender(logged);
      ours.setLevel(before);
    }
    assertThat(List.copyOf(logged.list))
        .isNotEmpty()
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> secrets(kubeconfig).stream().anyMatch(line::contains));
  }

  private static List<String> secrets(String kubeconfig) {
    List<String> found =
        Pattern.compile("[A-Za-z0-9+/=]{60}")
            .matcher(kubeconfig)
            .results()
            .map(m -> m.group())
            .toList();
    assertThat(found).isNotEmpty();
    return found;
  }
}
