package dev.fairlead.core.audit;

import org.jspecify.annotations.Nullable;

/**
 * What a verifier found. The numbers tell how far it came; where there is a finding, that is the
 * last record before it.
 *
 * @param first the number of the first record; more than 1 if the trail's beginning is not there, 0
 *     if there is no record
 * @param last the number of the last record
 * @param hash the last record's hash: SHA-256 of its line with its end, in lower-case hexadecimal
 * @param checkpoints how many checkpoints vouch for the records
 * @param unsigned how many records come after the last checkpoint, which nothing vouches for yet
 * @param torn how many bytes at the end are no record: the hub is writing, or was killed
 * @param headKnown whether the last checkpoint was kept beside the file, so that missing records at
 *     the end show
 * @param finding the first thing that is wrong, or null
 */
public record AuditVerification(
    long first,
    long last,
    String hash,
    long checkpoints,
    long unsigned,
    long torn,
    boolean headKnown,
    @Nullable AuditFinding finding) {

  /**
   * Whether nothing is wrong.
   *
   * @return whether there is no finding
   */
  public boolean isIntact() {
    return finding == null;
  }
}
