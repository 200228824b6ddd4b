package dev.fairlead.core.audit;

import dev.fairlead.api.InvalidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of an audit file.
 *
 * @param capacity how many events may wait to be written; 1 to 1,000,000
 * @param fsync whether an event counts as written only when the disk has it
 * @param rotateBytes how long a file gets before another one is begun, give or take what is written
 *     at once; 64 KiB to 1 TiB
 * @param rotateAfter how old it gets; 1 minute to 366 days
 * @param checkpointRecords how many records a checkpoint follows at the latest; 1 to 1,000,000
 * @param checkpointAfter how long after a record a checkpoint follows at the latest; 1 s to 1 hour
 */
public record AuditFileSettings(
    int capacity,
    boolean fsync,
    long rotateBytes,
    Duration rotateAfter,
    int checkpointRecords,
    Duration checkpointAfter) {

  private static final int MOST = 1_000_000;
  private static final long KIB = 1024;

  /**
   * Checks the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public AuditFileSettings {
    List<String> mistakes = new ArrayList<>();
    within("capacity", capacity, 1, MOST, mistakes);
    within("rotateBytes", rotateBytes, 64 * KIB, KIB * KIB * KIB * KIB, mistakes);
    within("rotateAfter", rotateAfter, Duration.ofMinutes(1), Duration.ofDays(366), mistakes);
    within("checkpointRecords", checkpointRecords, 1, MOST, mistakes);
    within(
        "checkpointAfter", checkpointAfter, Duration.ofSeconds(1), Duration.ofHours(1), mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException("audit file: " + String.join("; ", mistakes));
    }
  }

  private static <T extends Comparable<T>> void within(
      String name, T value, T least, T most, List<String> mistakes) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      mistakes.add(name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  private static void within(
      String name, long value, long least, long most, List<String> mistakes) {
    within(name, Long.valueOf(value), Long.valueOf(least), Long.valueOf(most), mistakes);
  }

  /**
   * For those who have no wishes: 4,096 events wait at most, without fsync; a new file every 64 MiB
   * or day; a checkpoint every 10,000 records or 10 s.
   *
   * @return the settings
   */
  public static AuditFileSettings defaults() {
    return new AuditFileSettings(
        4_096, false, 64 * KIB * KIB, Duration.ofDays(1), 10_000, Duration.ofSeconds(10));
  }

  /**
   * The same with another queue.
   *
   * @param events how many events may wait to be written
   * @return new settings
   */
  public AuditFileSettings withCapacity(int events) {
    return new AuditFileSettings(
        events, fsync, rotateBytes, rotateAfter, checkpointRecords, checkpointAfter);
  }

  /**
   * The same with or without waiting for the disk.
   *
   * @param wait whether an event counts as written only when the disk has it
   * @return new settings
   */
  public AuditFileSettings withFsync(boolean wait) {
    return new AuditFileSettings(
        capacity, wait, rotateBytes, rotateAfter, checkpointRecords, checkpointAfter);
  }

  /**
   * The same with other files.
   *
   * @param bytes how long a file gets
   * @param age how old it gets
   * @return new settings
   */
  public AuditFileSettings withRotation(long bytes, Duration age) {
    return new AuditFileSettings(capacity, fsync, bytes, age, checkpointRecords, checkpointAfter);
  }

  /**
   * The same with other checkpoints.
   *
   * @param records how many records a checkpoint follows at the latest
   * @param after how long after a record a checkpoint follows at the latest
   * @return new settings
   */
  public AuditFileSettings withCheckpoints(int records, Duration after) {
    return new AuditFileSettings(capacity, fsync, rotateBytes, rotateAfter, records, after);
  }
}
