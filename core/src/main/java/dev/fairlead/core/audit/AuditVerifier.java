package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks audit files without the hub that wrote them, which may go on writing. It reads each line
 * once and keeps none, so that a trail may be of any length. Immutable; safe for use by any thread.
 *
 * <p>It finds a record that was changed, removed, inserted or moved, wherever it stands, up to the
 * last checkpoint, as no such thing can be done without the key that signs checkpoints. It finds
 * that records are missing at the end if the last checkpoint is known: from the file {@code head}
 * beside the trail, or, as whoever can cut the trail can replace that file by an earlier one, from
 * elsewhere by {@link #knowing}. It cannot tell what happened to records after the last checkpoint,
 * and not that records are missing at the beginning: files may be archived.
 */
public final class AuditVerifier {

  private final Map<String, PublicKey> keys;
  private final Map<Long, String> known;

  private AuditVerifier(Map<String, PublicKey> keys, Map<Long, String> known) {
    this.keys = keys;
    this.known = known;
  }

  /**
   * A verifier.
   *
   * @param keys the public keys of the hubs that wrote what is to be verified; at least one
   * @return the verifier
   * @throws IllegalArgumentException if there is no key
   */
  public static AuditVerifier with(PublicKey... keys) {
    if (keys.length == 0) {
      throw new IllegalArgumentException("keys: none (expected: at least 1)");
    }
    Map<String, PublicKey> byId = new HashMap<>();
    for (PublicKey key : keys) {
      byId.put(Checkpoint.id(key), key);
    }
    return new AuditVerifier(Map.copyOf(byId), Map.of());
  }

  /**
   * The same with a record that is known from elsewhere, such as the last one of an earlier
   * verification.
   *
   * @param sequence the record's number
   * @param hash its hash, see {@link AuditVerification#hash}
   * @return a new verifier, for which a trail that ends earlier is truncated
   */
  public AuditVerifier knowing(long sequence, String hash) {
    Map<Long, String> more = new HashMap<>(known);
    more.put(sequence, Objects.requireNonNull(hash, "hash"));
    return new AuditVerifier(keys, Map.copyOf(more));
  }

  /**
   * Verifies a trail: the file, and all beside it that it was before. Blocks.
   *
   * @param file the file that the hub writes
   * @return what was found
   * @throws IOException if a file cannot be read, or there is none
   */
  public AuditVerification verify(Path file) throws IOException {
    AuditFiles trail = new AuditFiles(file);
    // The head first: a hub that goes on writing moves it only after the records.
    byte[] head = Files.exists(trail.head()) ? Files.readAllBytes(trail.head()) : null;
    List<Path> files = trail.all();
    if (files.isEmpty()) {
      throw new IOException(file + ": no such file (expected: an audit file)");
    }
    Map<Long, String> expected = new HashMap<>(known);
    if (head != null) {
      Checkpoint checkpoint = checkpoint(head, keys);
      if (checkpoint == null) {
        return new ChainWalk(files, keys, known, null)
            .verification(
                false,
                new AuditFinding(
                    AuditFinding.Kind.NOT_SIGNED,
                    trail.head(),
                    1,
                    0,
                    "head:1: no checkpoint of one of the keys "
                        + keys.keySet()
                        + " (expected: the last one)"));
      }
      ChainLink link = checkpoint.before().then(head);
      String other = expected.putIfAbsent(link.sequence(), link.hash());
      if (other != null && !other.equals(link.hash())) {
        expected.put(link.sequence(), other);
      }
    }
    ChainWalk walk = new ChainWalk(files, keys, expected, null);
    AuditFinding finding = walk.walk(new LineReader.Place(0, 0, 1));
    return walk.verification(head != null, finding);
  }

  /** The checkpoint on a line; null if it is none or none of these keys signed it. */
  static @Nullable Checkpoint checkpoint(byte[] line, Map<String, PublicKey> keys)
      throws IOException {
    ChainedLine parsed = ChainedLine.parse(line);
    Checkpoint checkpoint = parsed == null ? null : parsed.checkpoint();
    PublicKey key = checkpoint == null ? null : keys.get(checkpoint.keyId());
    return checkpoint != null
            && key != null
            && checkpoint.isSignedBy(key)
            && Arrays.equals(checkpoint.line(), line)
        ? checkpoint
        : null;
  }
}
