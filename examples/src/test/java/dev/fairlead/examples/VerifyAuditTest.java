package dev.fairlead.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyAuditTest {

  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void writeTrail() throws Exception {
    log = directory.resolve("audit.log");
    append("one", "two");
  }

  private void append(String... ids) throws IOException {
    try (JsonLinesAuditSink sink = JsonLinesAuditSink.open(log)) {
      for (String id : ids) {
        sink.append(
                AuditEvent.received(
                    id, "", "/", RequestInfo.nonResource("get", "/"), Instant.EPOCH))
            .toCompletableFuture()
            .join();
      }
    }
  }

  private Run verify(String... more) {
    String key = directory.resolve("audit.log.chain/key.pem.pub").toString();
    Run run =
        Run.of(
            VerifyAudit.create(),
            List.of(List.of("--key", key), List.of(more), List.of(log.toString())).stream()
                .flatMap(List::stream)
                .toArray(String[]::new));
    run.exitCode();
    return run;
  }

  @Test
  void trailAsItWasWrittenIsTold() {
    Run run = verify();
    assertThat(run.exitCode()).isEqualTo(Program.DONE);
    assertThat(run.output())
        .contains("records 1 to 4, 2 checkpoints, 0 records not signed yet")
        .containsPattern("\n4:[0-9a-f]{64}\n");
  }

  @Test
  void changedRecordIsNamed() throws Exception {
    Files.writeString(log, Files.readString(log).replace("\"two\"", "\"2\""));
    Run run = verify();
    assertThat(run.exitCode()).isEqualTo(Program.FAILED);
    assertThat(run.output()).startsWith("CHANGED audit.log:3: record 3 ");
  }

  @Test
  void lastRecordOfAnEarlierRunTellsOfTruncation() throws Exception {
    List<String> lines = verify().output().lines().toList();
    String known = lines.get(lines.size() - 1);
    append("three");
    assertThat(verify("--known", known).exitCode()).isEqualTo(Program.DONE);
    Files.writeString(log, Files.readAllLines(log).get(0) + "\n");
    Files.delete(directory.resolve("audit.log.chain/head"));
    assertThat(verify().output()).contains("records may be missing at the end");
    Run run = verify("--known", known);
    assertThat(run.exitCode()).isEqualTo(Program.FAILED);
    assertThat(run.output()).startsWith("TRUNCATED ");
  }

  @Test
  void mistakesAreExplained() {
    assertThat(verify("--known", "4:abc").errors()).contains("expected: RECORD:HASH");
    Run run = Run.of(VerifyAudit.create(), "--key", log.toString(), log.toString());
    assertThat(run.exitCode()).isEqualTo(Program.FAILED);
    assertThat(run.errors()).contains("no PUBLIC KEY in PEM");
  }
}
