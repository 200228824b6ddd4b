package dev.fairlead.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.audit.AuditFinding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is done to a trail is found, and the first record that it was done to is named. The trail is
 * that of a hub that was started twice: records 1 (start), 2 to 4, 5 (checkpoint), 6, 7 (close), 8
 * (start), 9, 10, 11 (close).
 */
class TamperedTrailTest {

  @TempDir Path directory;
  private Path file;
  private List<String> lines;

  @BeforeEach
  void writeTrail() throws Exception {
    file = directory.resolve("audit.log");
    Chains.write(file, 3, "a", "b", "c", "d");
    Chains.write(file, 3, "e", "f");
    lines = Chains.lines(file);
    assertThat(lines).hasSize(11);
  }

  @Test
  void untouchedTrailIsIntact() throws Exception {
    AuditVerification found = Chains.verify(file);
    assertThat(found.isIntact()).isTrue();
    assertThat(found.first()).isEqualTo(1);
    assertThat(found.last()).isEqualTo(11);
    assertThat(found.checkpoints()).isEqualTo(5);
    assertThat(found.unsigned()).isZero();
    assertThat(found.headKnown()).isTrue();
    assertThat(found.hash()).isEqualTo(ChainLink.sha256((lines.get(10) + "\n").getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void changedRecordIsNamed(int record) throws Exception {
    lines.set(
        record - 1,
        lines
            .get(record - 1)
            .replace("RequestReceived", "RequestForgotten")
            .replace("auditcheckpoints", "auditcheckpoinTs"));
    AuditFinding found = finding();
    // A checkpoint is found out by its signature, before the record behind it is looked at.
    boolean checkpoint = lines.get(record - 1).contains("auditcheckpoinTs");
    assertThat(found.kind()).isEqualTo(checkpoint ? Kind.NOT_SIGNED : Kind.CHANGED);
    assertThat(found.sequence()).isEqualTo(record);
    assertThat(found.line()).isEqualTo(record);
    assertThat(found.file()).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 9})
  void recordThatWasMadeUnreadableIsNamed(int record) throws Exception {
    lines.set(record - 1, "gone");
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.CHANGED);
    assertThat(found.sequence()).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
  void changedLinkIsNamedAndNotTheRecordBefore(int record) throws Exception {
    lines.set(
        record - 1,
        lines.get(record - 1).replaceAll("(\"fairlead.dev/previous\":\")....", "$1" + "0000"));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.CHANGED);
    assertThat(found.sequence()).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
  void removedRecordIsNamed(int record) throws Exception {
    lines.remove(record - 1);
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.REMOVED);
    assertThat(found.sequence()).isEqualTo(record);
    assertThat(found.line()).isEqualTo(record);
  }

  @Test
  void severalRemovedRecordsAreCounted() throws Exception {
    lines.subList(2, 6).clear();
    assertThat(finding().message())
        .isEqualTo("audit.log:3: record 3 expected: follows, but records 3 to 6 are missing");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
  void recordThatStandsThereTwiceIsFound(int record) throws Exception {
    lines.add(record, lines.get(record - 1));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.INSERTED);
    assertThat(found.sequence()).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 9})
  void madeUpRecordIsFound(int record) throws Exception {
    // It fits what is before it; what comes after tells that it was not there.
    lines.add(record - 1, lines.get(record - 1).replace("jane", "mary"));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.INSERTED);
    assertThat(found.line()).isEqualTo(record);
  }

  @Test
  void earlierRecordAgainIsFound() throws Exception {
    lines.add(9, lines.get(2));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.INSERTED);
    assertThat(found.line()).isEqualTo(10);
  }

  @Test
  void lineThatIsNoRecordIsFound() throws Exception {
    lines.add(3, "{\"kind\":\"Event\"}");
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.INSERTED);
    assertThat(found.line()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
  void swappedRecordsAreFound(int record) throws Exception {
    Collections.swap(lines, record - 1, record);
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.REORDERED);
    assertThat(found.sequence()).isEqualTo(record);
  }

  @Test
  void recordThatWasMovedToTheEndIsFound() throws Exception {
    lines.add(8, lines.remove(2));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.REORDERED);
    assertThat(found.sequence()).isEqualTo(3);
  }

  @Test
  void chainThatFitsAgainIsNotSigned() throws Exception {
    lines.set(2, lines.get(2).replace("jane", "mary"));
    lines = Chains.relinked(lines, 3);
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.NOT_SIGNED);
    assertThat(found.sequence()).isEqualTo(5);
    assertThat(found.message()).contains("from 2 on");
  }

  @Test
  void chainWithoutItsCheckpointsIsNotSigned() throws Exception {
    lines.removeIf(line -> line.contains("auditcheckpoints") && !line.contains("\"start\""));
    lines = Chains.relinked(lines, 1);
    Files.delete(new AuditFiles(file).head());
    assertThat(finding().kind()).isEqualTo(Kind.NOT_SIGNED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10})
  void trailThatEndsEarlyIsTruncated(int left) throws Exception {
    lines = lines.subList(0, left);
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.TRUNCATED);
    assertThat(found.sequence()).isEqualTo(left + 1L);
  }

  @Test
  void withoutTheLastCheckpointTruncationCannotBeTold() throws Exception {
    Chains.replace(file, lines.subList(0, 6));
    Files.delete(new AuditFiles(file).head());
    AuditVerification found = Chains.verify(file);
    assertThat(found.isIntact()).isTrue();
    assertThat(found.headKnown()).isFalse();
    assertThat(found.unsigned()).isEqualTo(1);
  }

  @Test
  void recordThatIsKnownFromElsewhereTellsOfTruncationToo() throws Exception {
    AuditVerification whole = Chains.verify(file);
    Chains.replace(file, lines.subList(0, 7));
    Files.delete(new AuditFiles(file).head());
    AuditFinding found =
        Chains.verifier(file).knowing(whole.last(), whole.hash()).verify(file).finding();
    assertThat(Objects.requireNonNull(found).kind()).isEqualTo(Kind.TRUNCATED);
    Chains.replace(file, lines);
    assertThat(Chains.verifier(file).knowing(7, whole.hash()).verify(file).isIntact()).isFalse();
  }

  @Test
  void otherKeyVouchesForNothing() throws Exception {
    Path other = directory.resolve("other.pem");
    AuditVerification found = AuditVerifier.with(ChainKey.in(other).publicKey()).verify(file);
    assertThat(Objects.requireNonNull(found.finding()).kind()).isEqualTo(Kind.NOT_SIGNED);
  }

  @Test
  void forgedHeadIsFound() throws Exception {
    Path head = new AuditFiles(file).head();
    Files.writeString(head, Files.readString(head).replace("\"11\"", "\"10\""));
    AuditFinding found = finding();
    assertThat(found.kind()).isEqualTo(Kind.NOT_SIGNED);
    assertThat(found.file()).isEqualTo(head);
  }

  @Test
  void beginningMayBeArchived() throws Exception {
    Chains.replace(file, lines.subList(3, 11));
    AuditVerification found = Chains.verify(file);
    assertThat(found.isIntact()).isTrue();
    assertThat(found.first()).isEqualTo(4);
  }

  @Test
  void garbageIsSurvived() throws Exception {
    for (String garbage :
        List.of("", "\n\n\n", "{", "[]", "\u0000".repeat(100), "x".repeat(3 << 20))) {
      Files.writeString(file, garbage);
      assertThat(Chains.verify(file).isIntact())
          .as(garbage.substring(0, Math.min(4, garbage.length())))
          .isFalse();
    }
  }

  private AuditFinding finding() throws IOException {
    Chains.replace(file, lines);
    return Objects.requireNonNull(Chains.verify(file).finding(), "a finding");
  }
}
