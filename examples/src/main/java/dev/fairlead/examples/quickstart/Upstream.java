package dev.fairlead.examples.quickstart;

import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.testkit.cluster.DemoCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cluster that the agent serves. */
sealed interface Upstream {

  /** How the agent reaches it. */
  ApiServer apiServer();

  /** What it is, to end a sentence with. */
  String describe();

  /** A cluster inside this JVM, which the quickstart may change. */
  record Demo(DemoCluster cluster) implements Upstream {

    private static final Duration CHATTER = Duration.ofSeconds(2);

    static Demo start(Lifetime lifetime) throws IOException {
      DemoCluster cluster = lifetime.owns(DemoCluster.builder().chatter(CHATTER).build());
      cluster.start();
      return new Demo(cluster);
    }

    @Override
    public ApiServer apiServer() {
      return ApiServer.kubeconfig(cluster.kubeconfig(), null);
    }

    @Override
    public String describe() {
      return "demo cluster";
    }
  }

  /** The user's own cluster, which the quickstart only reads. */
  record Own(Path kubeconfig, @Nullable String context) implements Upstream {

    @Override
    public ApiServer apiServer() {
      return ApiServer.kubeconfig(kubeconfig, context);
    }

    @Override
    public String describe() {
      return "your cluster, which is only read";
    }

    /** The options with which the user's kubectl reaches it directly. */
    String kubectl() {
      return "kubectl --kubeconfig "
          + kubeconfig
          + (context == null ? "" : " --context " + context);
    }
  }
}
