package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.lab.ApiServer;
import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.Programs;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.KubernetesObjects;
import dev.fairlead.benchmarks.load.SlowReader;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.report.Figure;
import dev.fairlead.benchmarks.report.Figure.Comparison;
import dev.fairlead.benchmarks.report.Figure.Goal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same as people feel it: before a real API server, which has more to do for a request. */
final class Kubernetes implements Measure {

  private static final String CHEAP = "/version";
  private static final String ONE = "/api/v1/namespaces/bench/configmaps/one";
  private static final String SOME = "/api/v1/namespaces/some/configmaps";
  private static final String MANY = "/api/v1/namespaces/many/configmaps";
  private static final int SOME_OBJECTS = 500;
  private static final int CONNECTIONS = 16;

  /** Direct, but as an agent asks: for a user. No tunnel that does is better. */
  private static final String AS_AN_AGENT = "as an agent";

  private static final List<String> USER =
      List.of("Impersonate-User: bench", "Impersonate-Uid: bench", "Impersonate-Group: benchmark");

  private static final int KUBECTL_SECONDS = 120;

  private static final Figure GET =
      Figure.of("k8s-get-16", "GET of an object, 16 connections", "1/s", Comparison.SHARE)
          .withGoals(Goals.all(Goal.atLeast(0.80)));
  private static final Figure GET_P50 =
      Figure.of("k8s-get-1-p50", "GET of an object, 1 connection, p50", "µs", Comparison.ADDED)
          .withGoals(Goals.all(Goal.atMost(350)));
  private static final Figure LIST_P50 =
      Figure.of("k8s-list-500-p50", "list of 500 objects, p50", "µs", Comparison.TIMES)
          .withGoals(Goals.all(Goal.atMost(1.4)));
  private static final Figure LIST_MEMORY =
      Figure.of(
              "k8s-list-large-hub",
              "in use at the hub for a large list in one answer",
              "KiB",
              Comparison.NONE)
          .withGoals(Goals.all(Goal.atMost(2_048)));
  private static final Figure KUBECTL =
      Figure.of("k8s-kubectl-pods", "kubectl get pods -A", "ms", Comparison.TIMES)
          .withGoals(Goals.all(Goal.atMost(1.15)));

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public boolean isPossible() {
    return ApiServer.isKnown();
  }

  @Override
  public void run(Bench bench) {
    bench.progress().accept("kubernetes: starting a control plane");
    try (ApiServer server = bench.lab().apiServer()) {
      bench.progress().accept("kubernetes: making " + bench.plan().objects() + " objects");
      fill(server, bench.plan());
      List<Way> ways = new ArrayList<>();
      ways.add(server.direct());
      for (String tunnel : bench.tunnels()) {
        ways.add(bench.lab().through(tunnel, server.upstream()));
      }
      Bench here = new Bench(bench.lab(), ways, bench.plan(), bench.results(), bench.progress());
      for (Way way : ways) {
        bench.progress().accept("kubernetes: warming up " + way.name());
        warmUp(bench, way);
      }
      measure(here);
      ways.forEach(way -> way.processes().forEach(bench.lab()::stop));
    }
  }

  /**
   * An API server answers so few requests a second that the JVMs would not be warm for minutes:
   * what costs it least comes before what is measured. Large answers come before all, as they make
   * the JVMs compile anew what was compiled for small ones.
   */
  private static void warmUp(Bench bench, Way way) {
    int seconds = Math.max(1, bench.plan().warmUpSeconds());
    pods(bench, way);
    Wrk.run(way, SOME, 1, seconds);
    Wrk.run(way, CHEAP, CONNECTIONS, 2 * seconds);
    Wrk.run(way, ONE, CONNECTIONS, seconds);
  }

  private static void fill(ApiServer server, Plan plan) {
    server.kubectl("create", "namespace", "some");
    server.kubectl("create", "namespace", "many");
    KubernetesObjects objects = new KubernetesObjects(server.direct());
    objects.configMaps("bench", List.of("one"), 512);
    objects.configMaps("some", KubernetesObjects.names(SOME_OBJECTS), 700);
    objects.configMaps("many", KubernetesObjects.names(plan.objects()), 700);
    objects.pods("some", KubernetesObjects.names(plan.pods()));
  }

  private static void measure(Bench bench) {
    int seconds = bench.plan().seconds();
    bench.eachRound(
        "kubernetes get",
        way -> {
          bench.results().add(GET, way.name(), Wrk.run(way, ONE, CONNECTIONS, seconds).perSecond());
          bench.results().add(GET_P50, way.name(), Wrk.run(way, ONE, 1, seconds).p50Micros());
          if (way.isDirect()) {
            Wrk all = Wrk.run(way, ONE, CONNECTIONS, seconds, USER);
            bench.results().add(GET, AS_AN_AGENT, all.perSecond());
            Wrk one = Wrk.run(way, ONE, 1, seconds, USER);
            bench.results().add(GET_P50, AS_AN_AGENT, one.p50Micros());
          }
        });
    bench.eachRound(
        "kubernetes list",
        way -> {
          bench.results().add(LIST_P50, way.name(), Wrk.run(way, SOME, 1, seconds).p50Micros());
          if (way.isDirect()) {
            Wrk seen = Wrk.run(way, SOME, 1, seconds, USER);
            bench.results().add(LIST_P50, AS_AN_AGENT, seen.p50Micros());
          }
        });
    bench.eachRound("kubernetes large list", way -> largeList(bench, way));
    bench.eachRound(
        "kubernetes kubectl",
        way -> bench.results().add(KUBECTL, way.name(), pods(bench, way) / 1e6));
  }

  /** What the hub holds while the answer, which the client reads slowly, is on its way. */
  private static void largeList(Bench bench, Way way) {
    if (way.hub() == null) {
      return;
    }
    long before = way.hub().useAfterCollection().live();
    try (SlowReader reader = SlowReader.start(way, MANY)) {
      reader.readPart();
      long during = way.hub().useAfterCollection().live();
      bench.results().add(LIST_MEMORY, way.name(), (during - before) / 1024.0);
    }
  }

  private static long pods(Bench bench, Way way) {
    Path cache = bench.lab().directory().resolve("kubectl-" + way.name());
    long begun = System.nanoTime();
    String output =
        Programs.runIntoFile(
            KUBECTL_SECONDS,
            List.of(
                "kubectl",
                "--kubeconfig=/dev/null",
                "--server=" + way.url(""),
                "--token=" + way.token(),
                "--insecure-skip-tls-verify",
                "--cache-dir=" + cache,
                "get",
                "pods",
                "-A"),
            bench.lab().directory().resolve("pods.txt"));
    long took = System.nanoTime() - begun;
    long lines = output.lines().count();
    int expected = bench.plan().pods() + 1;
    if (lines != expected) {
      throw new LabException("kubectl: " + lines + " lines (expected: " + expected + ")");
    }
    return took;
  }
}
