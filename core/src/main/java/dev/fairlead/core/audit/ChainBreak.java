package dev.fairlead.core.audit;

import dev.fairlead.core.audit.AuditFinding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place at which a chain does not go on as it should, and what may have been done there: of
 * what explains the lines around it, the least.
 */
final class ChainBreak {

  private final List<Path> files;
  private final ChainLink head;
  private final @Nullable String beforeHead;
  private final LineReader.@Nullable Place headPlace;

  /**
   * A break.
   *
   * @param files the files of the chain
   * @param head the last record that seems to be in order
   * @param beforeHead the hash of the one before, if known
   * @param headPlace where that last record stands, if known
   */
  ChainBreak(
      List<Path> files,
      ChainLink head,
      @Nullable String beforeHead,
      LineReader.@Nullable Place headPlace) {
    this.files = files;
    this.head = head;
    this.beforeHead = beforeHead;
    this.headPlace = headPlace;
  }

  /** What lies behind the break, as far as it matters. */
  private record Rest(
      boolean endsHere, boolean goesOnFromHere, boolean expectedComes, boolean sameComes) {}

  /**
   * Says what happened.
   *
   * @param line the line that does not follow, or follows something that is no record
   * @param parsed what it says
   * @param hole where lines begin that are no records, right before it, or null
   */
  AuditFinding explain(LineReader.Line line, ChainedLine parsed, LineReader.@Nullable Place hole)
      throws IOException {
    long expected = head.sequence() + 1;
    LineReader.Place here = line.place();
    if (hole != null) {
      return parsed.follows(head)
          ? at(
              Kind.INSERTED, hole, expected, "is no record, and record " + expected + " follows it")
          : at(Kind.CHANGED, hole, expected, "is no record");
    }
    if (parsed.previous().equals(head.hash())) {
      return at(Kind.CHANGED, here, expected, "calls itself " + parsed.sequence());
    }
    LineReader.Place last = headPlace;
    if (last != null
        && parsed.sequence() == head.sequence()
        && parsed.previous().equals(beforeHead)) {
      return at(
          Kind.INSERTED,
          last,
          head.sequence(),
          "is not the record " + head.sequence() + " that the next line goes on with");
    }
    Rest rest = rest(line);
    if (rest.expectedComes) {
      return parsed.sequence() > expected && !rest.sameComes
          ? at(Kind.REORDERED, here, expected, "comes before it")
          : at(Kind.INSERTED, here, expected, "does not belong here");
    }
    if (parsed.sequence() > expected) {
      return at(
          Kind.REMOVED,
          here,
          expected,
          parsed.sequence() - expected == 1
              ? "follows, but record " + expected + " is missing"
              : "follows, but records "
                  + expected
                  + " to "
                  + (parsed.sequence() - 1)
                  + " are missing");
    }
    if (parsed.sequence() < expected) {
      return at(Kind.INSERTED, here, parsed.sequence(), "is an earlier one again");
    }
    if (last == null || (!rest.goesOnFromHere && !rest.endsHere)) {
      return at(Kind.CHANGED, here, expected, "does not follow the one before");
    }
    return at(
        Kind.CHANGED,
        last,
        head.sequence(),
        "is another one than the hash in record " + expected + " stands for");
  }

  private Rest rest(LineReader.Line broken) throws IOException {
    ChainLink here = head.then(broken.bytes());
    boolean first = true;
    boolean goesOn = false;
    boolean expectedComes = false;
    boolean sameComes = false;
    try (LineReader lines = new LineReader(files, broken.end())) {
      for (LineReader.Line line = lines.next();
          line != null && !(expectedComes && sameComes);
          line = lines.next()) {
        ChainedLine parsed = ChainedLine.parse(line.bytes());
        goesOn |= first && parsed != null && parsed.previous().equals(here.hash());
        first = false;
        expectedComes |= parsed != null && parsed.follows(head);
        sameComes |= Arrays.equals(line.bytes(), broken.bytes());
      }
    }
    return new Rest(first, goesOn, expectedComes, sameComes);
  }

  private AuditFinding at(Kind kind, LineReader.Place place, long sequence, String what) {
    return finding(files, kind, place, sequence, "record " + sequence + " expected: " + what);
  }

  static AuditFinding finding(
      List<Path> files, Kind kind, LineReader.Place place, long sequence, String message) {
    Path file = files.get(Math.min(place.file(), files.size() - 1));
    return new AuditFinding(
        kind,
        file,
        place.number(),
        sequence,
        file.getFileName() + ":" + place.number() + ": " + message);
  }
}
