package dev.fairlead.core.audit;

import java.nio.file.Path;

/**
 * The first thing that is wrong with an audit trail.
 *
 * @param kind what was done to it, as far as that can be told
 * @param file where it shows
 * @param line at which line, from 1 on
 * @param sequence the first record that is concerned
 * @param message all of that in a sentence
 */
public record AuditFinding(Kind kind, Path file, long line, long sequence, String message) {

  /** What was done. */
  public enum Kind {
    /** A record is not as it was written. */
    CHANGED,
    /** Records are missing, and others follow. */
    REMOVED,
    /** A line is there that the hub did not write there. */
    INSERTED,
    /** A record stands behind one that came after it. */
    REORDERED,
    /** Records are missing at the end. */
    TRUNCATED,
    /**
     * Records are chained but not vouched for: a checkpoint is missing, or its signature does not
     * fit what it follows. Some record since the checkpoint before was changed.
     */
    NOT_SIGNED
  }
}
