package dev.fairlead.benchmarks.micro;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Records to an audit file, chained, signed at checkpoints and set aside when it is full, until
 * each is acknowledged. The goal is 20,000 a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AuditFileBenchmark {

  private static final int AT_ONCE = 500;

  private final Path directory;
  private final JsonLinesAuditSink sink;
  private final AuditEvent event;

  /** Opens a file. */
  public AuditFileBenchmark() {
    try {
      directory = Files.createTempDirectory("fairlead-audit");
      sink = JsonLinesAuditSink.open(directory.resolve("audit.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path = "/apis/apps/v1/namespaces/shop/deployments/web";
    RequestInfo info =
        new RequestInfo(true, path, "get", "apps", "v1", "shop", "deployments", "", "web");
    event =
        AuditEvent.received(
                "7d3f2a0c-8c1b-4a55-9d5e-0b6a1f6f2b11", "GET", path, info, Instant.EPOCH)
            .on(ClusterName.of("prod-eu"))
            .by(new Identity("jane", "7", List.of("payments", "ops", "dev"), Map.of()), null)
            .from("203.0.113.9", "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0")
            .reached(
                AuditEvent.Stage.RESPONSE_COMPLETE,
                Instant.EPOCH,
                200,
                Map.of(
                    "fairlead.dev/decision", "allow",
                    "fairlead.dev/role", "developer",
                    "fairlead.dev/rule", "2",
                    "fairlead.dev/bytes-out", "4711",
                    "fairlead.dev/duration-ms", "12"));
  }

  /**
   * Closes the file and removes it.
   *
   * @throws IOException if that fails
   */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    sink.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Some records, until the last one is acknowledged. */
  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void records() {
    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    for (int i = 0; i < AT_ONCE; i++) {
      last = sink.append(event).toCompletableFuture();
    }
    last.join();
  }
}
