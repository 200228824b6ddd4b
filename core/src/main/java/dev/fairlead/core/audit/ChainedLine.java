package dev.fairlead.core.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a line of an audit file says about its place in the chain.
 *
 * @param sequence the record's number
 * @param previous the hash of the record before it
 * @param checkpoint what it vouches for, if it is a checkpoint
 */
record ChainedLine(long sequence, String previous, @Nullable Checkpoint checkpoint) {

  static final String SEQUENCE = "fairlead.dev/sequence";
  static final String PREVIOUS = "fairlead.dev/previous";
  static final String REASON = "fairlead.dev/checkpoint";
  static final String WITHIN = "fairlead.dev/checkpoint-within";
  static final String TORN = "fairlead.dev/torn";
  static final String KEY = "fairlead.dev/key";
  static final String SIGNATURE = "fairlead.dev/signature";

  /** The annotations that tell a record's place; no event brings its own. */
  static final Set<String> PLACE = Set.of(SEQUENCE, PREVIOUS);

  /** The annotations that only checkpoints have, and those that tell a place. */
  static final Set<String> RESERVED =
      Set.of(SEQUENCE, PREVIOUS, REASON, WITHIN, TORN, KEY, SIGNATURE);

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Reads a line; null if it is no record of a chain. */
  static @Nullable ChainedLine parse(byte[] line) {
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      Map<String, String> facts = new HashMap<>();
      String at = null;
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (field.equals("annotations") && value == JsonToken.START_OBJECT) {
          annotations(json, facts);
        } else if (field.equals("stageTimestamp")) {
          at = json.getText();
        } else {
          json.skipChildren();
        }
      }
      return json.nextToken() == null ? of(facts, at) : null;
    } catch (IOException | NumberFormatException | DateTimeException notOurs) {
      return null;
    }
  }

  private static void annotations(JsonParser json, Map<String, String> facts) throws IOException {
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      json.nextToken();
      if (RESERVED.contains(key)) {
        facts.put(key, json.getText());
      } else {
        json.skipChildren();
      }
    }
  }

  private static @Nullable ChainedLine of(Map<String, String> facts, @Nullable String at) {
    String sequence = facts.get(SEQUENCE);
    String previous = facts.get(PREVIOUS);
    if (sequence == null || previous == null) {
      return null;
    }
    long number = Long.parseLong(sequence);
    String signature = facts.get(SIGNATURE);
    Checkpoint.Reason reason = Checkpoint.Reason.of(facts.get(REASON));
    if (signature == null || reason == null || at == null) {
      return new ChainedLine(number, previous, null);
    }
    return new ChainedLine(
        number,
        previous,
        new Checkpoint(
            new ChainLink(number - 1, previous),
            Instant.parse(at),
            reason,
            Integer.parseInt(facts.getOrDefault(WITHIN, "")),
            torn(facts.get(TORN)),
            facts.getOrDefault(KEY, ""),
            signature));
  }

  private static Checkpoint.@Nullable Torn torn(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String[] parts = text.split(" ", 2);
    return new Checkpoint.Torn(Long.parseLong(parts[0]), parts.length == 2 ? parts[1] : "");
  }

  boolean follows(ChainLink link) {
    return sequence == link.sequence() + 1 && previous.equals(link.hash());
  }
}
