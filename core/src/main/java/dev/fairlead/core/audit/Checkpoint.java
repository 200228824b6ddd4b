package dev.fairlead.core.audit;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signed record that vouches for all records before it, as it names the hash of the last one.
 *
 * @param before the record it follows
 * @param at when it was signed, in microseconds
 * @param reason why just then
 * @param within how many records follow at most before the next checkpoint
 * @param torn what lies between the record before and this one, or null
 * @param keyId which key signed it
 * @param signature the signature in base64
 */
record Checkpoint(
    ChainLink before,
    Instant at,
    Reason reason,
    int within,
    @Nullable Torn torn,
    String keyId,
    String signature) {

  static final String RESOURCE = "auditcheckpoints";

  /** Why a checkpoint was made. */
  enum Reason {
    /** The file was opened. */
    START,
    /** The file was opened, or opened again, and ended in mid-record. */
    RECOVERY,
    /** There were as many records as may be without one. */
    RECORDS,
    /** Time went by. */
    TIME,
    /** The file was full or old enough. */
    ROTATION,
    /** The file was closed. */
    CLOSE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Reason of(@Nullable String word) {
      for (Reason reason : values()) {
        if (reason.word().equals(word)) {
          return reason;
        }
      }
      return null;
    }
  }

  /**
   * Bytes that are no record: what a crash or a full disk left of one.
   *
   * @param bytes how many, line ends included
   * @param hash their SHA-256 in lower-case hexadecimal
   */
  record Torn(long bytes, String hash) {}

  static Checkpoint sign(
      ChainKey key, ChainLink before, Instant now, Reason reason, int within, @Nullable Torn torn)
      throws IOException {
    Checkpoint unsigned =
        new Checkpoint(
            before,
            now.truncatedTo(ChronoUnit.MICROS),
            reason,
            within,
            torn,
            id(key.publicKey()),
            "");
    byte[] signature = key.sign(unsigned.statement());
    return new Checkpoint(
        before,
        unsigned.at,
        reason,
        within,
        torn,
        unsigned.keyId,
        Base64.getEncoder().encodeToString(signature));
  }

  long sequence() {
    return before.sequence() + 1;
  }

  boolean isSignedBy(PublicKey key) {
    try {
      return KeyFile.verifies(key, statement(), Base64.getDecoder().decode(signature));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** The bytes that are signed: all parts, each on a line of its own. */
  private byte[] statement() {
    String text =
        "fairlead audit checkpoint v1\n"
            + ("sequence " + sequence() + "\n")
            + ("previous " + before.hash() + "\n")
            + ("at " + MicroTime.text(at) + "\n")
            + ("reason " + reason.word() + "\n")
            + ("within " + within + "\n")
            + ("torn " + tornText() + "\n")
            + ("key " + keyId + "\n");
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Its line: an event like any other, so that whoever reads the others can read it. */
  byte[] line() {
    String path = "/apis/" + AuditEvent.HUB_GROUP + "/v1/" + RESOURCE + "/" + sequence();
    RequestInfo info =
        new RequestInfo(
            true,
            path,
            "create",
            AuditEvent.HUB_GROUP,
            "v1",
            "",
            RESOURCE,
            "",
            String.valueOf(sequence()));
    Map<String, String> facts = new HashMap<>();
    facts.put(ChainedLine.REASON, reason.word());
    facts.put(ChainedLine.WITHIN, String.valueOf(within));
    facts.put(ChainedLine.KEY, keyId);
    facts.put(ChainedLine.SIGNATURE, signature);
    if (torn != null) {
      facts.put(ChainedLine.TORN, tornText());
    }
    AuditEvent event =
        AuditEvent.received("checkpoint-" + sequence(), "", path, info, at)
            .reached(AuditEvent.Stage.RESPONSE_COMPLETE, at, 201, facts);
    byte[] opening = new EventJson().opening(event, true);
    byte[] ending = EventJson.ending(opening, before);
    byte[] line = Arrays.copyOf(opening, opening.length + ending.length);
    System.arraycopy(ending, 0, line, opening.length, ending.length);
    return line;
  }

  private String tornText() {
    return torn == null ? "" : torn.bytes() + " " + torn.hash();
  }

  /** What a key is called: the beginning of the hash of its X.509 form. */
  static String id(PublicKey key) {
    return ChainLink.sha256(key.getEncoded()).substring(0, 16);
  }
}
