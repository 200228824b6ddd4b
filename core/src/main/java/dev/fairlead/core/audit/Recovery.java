package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found at the end of a file that is to be gone on with. What is not in order is not gone
 * on with: only the remains of a record that nobody was told is written are.
 *
 * @param head the last record
 * @param firstSequence the number of the file's first record
 * @param unsigned how many records no checkpoint vouches for
 * @param remains what lies behind the last record
 * @param ended whether that ends with a line's end
 */
record Recovery(ChainLink head, long firstSequence, long unsigned, byte[] remains, boolean ended) {

  /** Reads all of the file, at the hub's start. */
  static Recovery first(AuditFiles files, AppendOnlyFile file, ChainHead kept, PublicKey key)
      throws IOException {
    if (file.length() == 0) {
      return new Recovery(kept.link(), kept.link().sequence() + 1, 0, new byte[0], true);
    }
    ChainWalk walk = walk(files, 0, null, kept, key);
    ChainLink head = walk.head();
    long first = walk.first() == 0 ? kept.link().sequence() + 1 : walk.first();
    if (!kept.isKnown() && head.sequence() > 1) {
      throw new IOException(
          files.head()
              + ": missing, so whether records are missing in "
              + files.current()
              + " cannot be told (expected: the last checkpoint; move the audit file away, and a new"
              + " trail begins)");
    }
    if (first > kept.link().sequence() + 1) {
      throw broken(
          files.current(),
          "it begins with record "
              + first
              + " (expected: "
              + (kept.link().sequence() + 1)
              + " or earlier)");
    }
    if (walk.first() == 0) {
      head = kept.link();
    }
    return of(walk, head, first);
  }

  /** Reads what may have been written since the last success. */
  static Recovery again(
      AuditFiles files,
      AppendOnlyFile file,
      long from,
      ChainLink head,
      ChainHead kept,
      PublicKey key)
      throws IOException {
    if (file.length() < from) {
      throw broken(
          files.current(), file.length() + " bytes are left (expected: " + from + " or more)");
    }
    ChainWalk walk = walk(files, from, head, kept, key);
    return of(walk, walk.head(), head.sequence() + 1);
  }

  private static ChainWalk walk(
      AuditFiles files, long from, @Nullable ChainLink head, ChainHead kept, PublicKey key)
      throws IOException {
    Map<Long, String> known =
        kept.isKnown() ? Map.of(kept.link().sequence(), kept.link().hash()) : Map.of();
    ChainWalk walk =
        new ChainWalk(List.of(files.current()), Map.of(Checkpoint.id(key), key), known, head);
    AuditFinding finding = walk.walk(new LineReader.Place(0, from, 1));
    // A file that holds nothing but remains ends before the last checkpoint, and may.
    if (finding != null
        && (walk.head().sequence() > 0 || finding.kind() != AuditFinding.Kind.TRUNCATED)) {
      throw broken(files.current(), finding.message());
    }
    return walk;
  }

  private static Recovery of(ChainWalk walk, ChainLink head, long first) {
    byte[] remains = walk.torn();
    if (!walk.isWholeAtEnd()) {
      int start = lastLine(remains);
      byte[] line = Arrays.copyOfRange(remains, start, remains.length + 1);
      line[line.length - 1] = '\n';
      ChainedLine whole = ChainedLine.parse(line);
      // Nothing but its end is missing: then it is the record it would be.
      if (whole != null && whole.follows(head) && (start == 0 || whole.checkpoint() != null)) {
        return new Recovery(head.then(line), first, walk.unsigned() + 1, new byte[0], false);
      }
    }
    return new Recovery(head, first, walk.unsigned(), remains, walk.isWholeAtEnd());
  }

  private static int lastLine(byte[] bytes) {
    int start = bytes.length;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private static IOException broken(Path file, String what) {
    return new IOException(
        file
            + ": not as this hub left it: "
            + what
            + "; keep the file as evidence, and move it away: the trail goes on in a new one");
  }

  Recovery in(long first) {
    return new Recovery(head, first, unsigned, remains, ended);
  }

  /** Ends the last line; what has to be vouched for, or null. */
  Checkpoint.@Nullable Torn close(AppendOnlyFile file) throws IOException {
    byte[] all = remains;
    if (!ended) {
      file.append(ByteBuffer.wrap(new byte[] {'\n'}));
      if (all.length == 0) {
        return null;
      }
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = '\n';
    }
    return all.length == 0 ? null : new Checkpoint.Torn(all.length, ChainLink.sha256(all));
  }
}
