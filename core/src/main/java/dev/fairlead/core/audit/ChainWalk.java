package dev.fairlead.core.audit;

import dev.fairlead.core.audit.AuditFinding.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes along a chain, line by line, until something is wrong or the end. Used once, by one thread.
 */
final class ChainWalk {

  /** Crashes and full disks leave no more between two records. */
  private static final int MOST_TORN = 4 * LineReader.LONGEST;

  private final List<Path> files;
  private final Map<String, PublicKey> keys;
  private final Map<Long, String> known;
  private final ByteArrayOutputStream torn = new ByteArrayOutputStream();
  private LineReader.@Nullable Place tornFrom;
  private @Nullable ChainLink head;
  private @Nullable String beforeHead;
  private LineReader.@Nullable Place headPlace;
  private long first;
  private long checkpoints;
  private long unsigned;
  private int within = Integer.MAX_VALUE;
  private boolean wholeEnd = true;

  /**
   * A walk.
   *
   * @param files the files in their order
   * @param keys whose checkpoints count, by their ids
   * @param known hashes of records that are known from elsewhere, by their numbers
   * @param from what the first line follows, or null if that is not known
   */
  ChainWalk(
      List<Path> files,
      Map<String, PublicKey> keys,
      Map<Long, String> known,
      @Nullable ChainLink from) {
    this.files = files;
    this.keys = keys;
    this.known = known;
    this.head = from;
  }

  /** Goes to the end; what is wrong, or null. */
  @Nullable AuditFinding walk(LineReader.Place from) throws IOException {
    try (LineReader lines = new LineReader(files, from)) {
      for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
        AuditFinding finding = step(line);
        if (finding != null) {
          return finding;
        }
      }
    }
    return atEnd();
  }

  private @Nullable AuditFinding step(LineReader.Line line) throws IOException {
    LineReader.Place place = line.place();
    ChainedLine parsed = line.isWhole() ? ChainedLine.parse(line.bytes()) : null;
    LineReader.Place hole = tornFrom;
    if (parsed == null) {
      if (hole != null && (hole.file() != place.file() || torn.size() > MOST_TORN)) {
        return noRecord(hole);
      }
      tornFrom = hole == null ? place : hole;
      torn.writeBytes(line.bytes());
      wholeEnd = line.isWhole();
      return null;
    }
    ChainLink before = head;
    if (before == null) {
      before = new ChainLink(parsed.sequence() - 1, parsed.previous());
      AuditFinding finding = atStart(before, parsed, place);
      if (finding != null) {
        return finding;
      }
    }
    Checkpoint checkpoint = parsed.checkpoint();
    boolean vouchedFor = checkpoint != null && checkpoint.torn() != null;
    if (!parsed.follows(before)) {
      return new ChainBreak(files, before, beforeHead, headPlace).explain(line, parsed, hole);
    }
    if (hole != null && !vouchedFor) {
      return new ChainBreak(files, before, beforeHead, headPlace).explain(line, parsed, hole);
    }
    if (checkpoint != null) {
      String wrong = wrongWith(checkpoint, line.bytes());
      if (wrong != null) {
        return notSigned(place, before.sequence() + 1, wrong);
      }
      checkpoints++;
      unsigned = 0;
      within = checkpoint.within();
    } else {
      unsigned++;
    }
    return advance(before, line);
  }

  private @Nullable AuditFinding atStart(
      ChainLink before, ChainedLine parsed, LineReader.Place place) {
    first = parsed.sequence();
    if (before.sequence() == 0
        && (!before.equals(ChainLink.START) || parsed.checkpoint() == null)) {
      return found(
          Kind.CHANGED,
          place,
          1,
          "record 1 begins no chain (expected: a checkpoint after nothing)");
    }
    String expected = known.get(before.sequence());
    if (expected != null && !expected.equals(before.hash())) {
      return notSigned(
          place,
          parsed.sequence(),
          "record "
              + parsed.sequence()
              + " follows another record "
              + before.sequence()
              + " than the one that is known");
    }
    return null;
  }

  private @Nullable String wrongWith(Checkpoint checkpoint, byte[] line) throws IOException {
    PublicKey key = keys.get(checkpoint.keyId());
    String name = "checkpoint " + checkpoint.sequence();
    if (key == null) {
      return name
          + " names the key "
          + checkpoint.keyId()
          + " (expected: one of "
          + keys.keySet()
          + ")";
    }
    if (!checkpoint.isSignedBy(key) || !Arrays.equals(checkpoint.line(), line)) {
      return name
          + " is not what the key "
          + checkpoint.keyId()
          + " signed: it was changed, or a record before it, from "
          + (checkpoint.sequence() - unsigned)
          + " on";
    }
    Checkpoint.Torn lost = checkpoint.torn();
    if (lost != null
        && (lost.bytes() != torn.size()
            || !lost.hash().equals(ChainLink.sha256(torn.toByteArray())))) {
      return name
          + " vouches for "
          + lost.bytes()
          + " other bytes before it than the "
          + torn.size()
          + " that are there";
    }
    return unsigned > within ? tooMany() : null;
  }

  private @Nullable AuditFinding advance(ChainLink before, LineReader.Line line) {
    if (first == 0) {
      first = before.sequence() + 1;
    }
    ChainLink next = before.then(line.bytes());
    String expected = known.get(next.sequence());
    if (expected != null && !expected.equals(next.hash())) {
      return notSigned(
          line.place(),
          next.sequence(),
          "record " + next.sequence() + " is another one than is known from elsewhere");
    }
    torn.reset();
    tornFrom = null;
    wholeEnd = true;
    beforeHead = before.hash();
    head = next;
    headPlace = line.place();
    return null;
  }

  private @Nullable AuditFinding atEnd() {
    LineReader.Place place = headPlace == null ? new LineReader.Place(0, 0, 0) : headPlace;
    LineReader.Place hole = tornFrom;
    if (hole != null && hole.file() < files.size() - 1) {
      return noRecord(hole);
    }
    ChainLink end = head();
    long most = known.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    if (most > end.sequence()) {
      return found(
          Kind.TRUNCATED,
          place,
          end.sequence() + 1,
          "the trail ends at record " + end.sequence() + " (expected: at " + most + " or later)");
    }
    return unsigned > within ? notSigned(place, end.sequence() - unsigned + 1, tooMany()) : null;
  }

  private String tooMany() {
    return unsigned + " records follow without a checkpoint (expected: at most " + within + ")";
  }

  private AuditFinding noRecord(LineReader.Place place) {
    long sequence = head().sequence() + 1;
    return found(
        Kind.CHANGED,
        place,
        sequence,
        "what stands here is no record (expected: " + sequence + ")");
  }

  private AuditFinding notSigned(LineReader.Place place, long sequence, String message) {
    return found(Kind.NOT_SIGNED, place, sequence, message);
  }

  private AuditFinding found(Kind kind, LineReader.Place place, long sequence, String message) {
    return ChainBreak.finding(files, kind, place, sequence, message);
  }

  /** The last record that is in order. */
  ChainLink head() {
    ChainLink present = head;
    return present == null ? ChainLink.START : present;
  }

  /** What lies behind it and is no record. */
  byte[] torn() {
    return torn.toByteArray();
  }

  /** Whether what lies behind it ends with a line's end. */
  boolean isWholeAtEnd() {
    return wholeEnd;
  }

  long unsigned() {
    return unsigned;
  }

  AuditVerification verification(boolean headKnown, @Nullable AuditFinding finding) {
    ChainLink end = head();
    return new AuditVerification(
        first, end.sequence(), end.hash(), checkpoints, unsigned, torn.size(), headKnown, finding);
  }

  /** The first record's number; 0 if there was none. */
  long first() {
    return first;
  }
}
