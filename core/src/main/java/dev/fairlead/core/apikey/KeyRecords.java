package dev.fairlead.core.apikey;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where it is recorded that API keys are issued and revoked. Safe for use by any thread. */
public interface KeyRecords {

  /** Records nothing. */
  KeyRecords NONE =
      new KeyRecords() {
        @Override
        public <T> T keep(
            String verb, String id, Supplier<T> action, Function<T, Map<String, String>> facts) {
          return action.get();
        }
      };

  /**
   * Records that something will be done, does it, and records what came of it. May block.
   *
   * @param verb what is done, such as {@code create}
   * @param id the key's id, or empty if there is none yet
   * @param action does it
   * @param facts what to record about what came of it, nothing secret
   * @param <T> what comes of it
   * @return what came of it
   * @throws RuntimeException if it cannot be recorded, and so is not done; or what the action
   *     throws
   */
  <T> T keep(String verb, String id, Supplier<T> action, Function<T, Map<String, String>> facts);
}
