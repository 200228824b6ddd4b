package dev.fairlead.benchmarks;

import dev.fairlead.benchmarks.lab.Lab;
import dev.fairlead.benchmarks.lab.LabException;
import dev.fairlead.benchmarks.lab.LabSettings;
import dev.fairlead.benchmarks.lab.Nginx;
import dev.fairlead.benchmarks.lab.Programs;
import dev.fairlead.benchmarks.lab.Way;
import dev.fairlead.benchmarks.load.H2load;
import dev.fairlead.benchmarks.load.Wrk;
import dev.fairlead.benchmarks.measure.Bench;
import dev.fairlead.benchmarks.measure.Measure;
import dev.fairlead.benchmarks.measure.Plan;
import dev.fairlead.benchmarks.report.ReportJson;
import dev.fairlead.benchmarks.report.Results;
import dev.fairlead.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures, prints a table, and writes JSON. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures Fairlead on this machine, beside a direct connection in the same run.",
    footer = {"", "docs/performance.md explains each figure."})
public final class BenchCommand implements Callable<Integer> {

  private boolean complete = true;

  private static final int FAILED = 1;
  private static final int WARM_UP_CONNECTIONS = 32;

  @Spec private CommandSpec spec;

  @Option(
      names = "--short",
      description = "only see that everything can be measured: 3 to 5 minutes")
  private boolean brief;

  @Option(
      names = "--only",
      paramLabel = "MEASURE",
      split = ",",
      description =
          "latency, requests, transfers, stalls, stall-memory, watches, fleets, audit; kubernetes,"
              + " which needs a control plane and is left out where FAIRLEAD_CONTROL_PLANE is not"
              + " set")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--ways",
      paramLabel = "WAY",
      split = ",",
      description =
          "beside the direct one: memory and the carriers (default: all); with -unaudited behind"
              + " the name, the hub writes no audit trail")
  private List<String> ways = new ArrayList<>();

  @Option(names = "--warm-up", paramLabel = "SECONDS", description = "on each way (default: 30)")
  private @Nullable Integer warmUp;

  @Option(names = "--rounds", paramLabel = "N", description = "of each figure (default: 5)")
  private @Nullable Integer rounds;

  @Option(names = "--seconds", paramLabel = "N", description = "for each value (default: 10)")
  private @Nullable Integer seconds;

  @Option(
      names = "--fleets",
      paramLabel = "N",
      split = ",",
      description = "numbers of idle agents (default: 1000,10000)")
  private List<Integer> fleets = new ArrayList<>();

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "1",
      description = "event loops of a hub and of an agent (default: ${DEFAULT-VALUE})")
  private int loops;

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      split = " ",
      description = "of the hub's and the agent's JVM (default: ${DEFAULT-VALUE})",
      defaultValue = "-XX:+UseSerialGC -Xmx1g -Dio.netty.transport.noNative=true")
  private List<String> jvm = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      defaultValue = "bench.json",
      description = "gets all values (default: ${DEFAULT-VALUE})")
  private Path json;

  @Option(names = "--keep", description = "leaves logs and configurations where they are")
  private boolean keep;

  private final long begun = System.nanoTime();

  private BenchCommand() {}

  /**
   * Measures.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new BenchCommand());
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (!(failure instanceof LabException)) {
            throw failure;
          }
          line.getErr().println("bench: " + failure.getMessage());
          return FAILED;
        });
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Programs.requireAll();
    List<Measure> measures = measures();
    List<String> chosen = chosenWays();
    Plan plan = plan();
    Map<String, String> circumstances = Circumstances.of(plan, jvm, loops);
    Results results = new Results();
    Lab lab = Lab.open(new LabSettings(plan.transferBytes(), loops, jvm, keep));
    Thread cleaning = new Thread(lab::close);
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      Bench bench = new Bench(lab, start(lab, chosen), plan, results, this::say);
      warmUp(bench);
      measures.forEach(measure -> run(measure, bench));
    } finally {
      if (!isEnding(cleaning)) {
        lab.close();
      }
    }
    circumstances.forEach((key, value) -> System.out.println(key + ": " + value));
    System.out.println();
    System.out.print(Table.of(results));
    ReportJson.write(json, circumstances, results);
    say("all values are in " + json.toAbsolutePath());
    List<String> absurd = results.absurdities();
    absurd.forEach(sentence -> System.err.println("bench: absurd: " + sentence));
    return absurd.isEmpty() && complete ? 0 : FAILED;
  }

  /** Whether somebody ended this process, so that the hook runs. */
  private static boolean isEnding(Thread hook) {
    try {
      return !Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return true;
    }
  }

  /** One that fails costs the others nothing. */
  private void run(Measure measure, Bench bench) {
    try {
      measure.run(bench);
    } catch (LabException e) {
      complete = false;
      say(measure.name() + " failed: " + e.getMessage());
    }
  }

  private List<Measure> measures() {
    List<String> known = Measure.ALL.stream().map(Measure::name).toList();
    for (String name : only) {
      if (!known.contains(name)) {
        throw misuse("--only: '" + name + "' (expected: " + String.join(", ", known) + ")");
      }
    }
    return Measure.ALL.stream()
        .filter(m -> only.isEmpty() ? m.isPossible() : only.contains(m.name()))
        .toList();
  }

  private List<String> chosenWays() {
    List<String> known = Lab.carriers();
    for (String name : ways) {
      if (!known.contains(name) && !Lab.unaudited().contains(name)) {
        throw misuse("--ways: '" + name + "' (expected: " + String.join(", ", known) + ")");
      }
    }
    return ways.isEmpty() ? known : ways;
  }

  private ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private Plan plan() {
    Plan base = brief ? Plan.SHORT : Plan.FULL;
    return new Plan(
        warmUp == null ? base.warmUpSeconds() : warmUp,
        rounds == null ? base.rounds() : rounds,
        seconds == null ? base.seconds() : seconds,
        base.transferBytes(),
        base.stalled(),
        fleets.isEmpty() ? base.fleets() : fleets,
        base.watches(),
        base.objects(),
        base.pods());
  }

  private List<Way> start(Lab lab, List<String> chosen) {
    List<Way> started = new ArrayList<>();
    started.add(lab.direct());
    for (String name : chosen) {
      say("starting " + name);
      started.add(lab.through(name));
    }
    return started;
  }

  /** Each way gets load of both protocols; the direct one has nothing that warms up. */
  private void warmUp(Bench bench) {
    int half = bench.plan().warmUpSeconds() / 2;
    for (Way way : bench.ways()) {
      if (!way.isDirect() && half > 0) {
        say("warming up " + way.name());
        Wrk.run(way, Nginx.SMALL_PATH, WARM_UP_CONNECTIONS, half);
        H2load.run(way, Nginx.SMALL_PATH, WARM_UP_CONNECTIONS, half);
        bench.lab().forgetAudit();
      }
    }
  }

  private void say(String sentence) {
    Duration since = Duration.ofNanos(System.nanoTime() - begun);
    System.err.printf("%2d:%02d %s%n", since.toMinutes(), since.toSecondsPart(), sentence);
  }
}
