package dev.fairlead.e2e.requestinfo;

import dev.fairlead.core.request.RefusedRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Counts what the hub refuses, by its declared reasons, and gathers what it reads differently. */
final class Comparison {

  private static final int SHOWN = 20;

  /** Why the hub may refuse what the API server would read: pattern of the message. */
  private static final List<Pattern> DECLARED =
      List.of(
          // What two servers may read in two ways is not read at all.
          Pattern.compile("request target: .* \\(expected: .*\\)"),
          Pattern.compile("path: .* at position \\d+ \\(expected: .*\\)"),
          Pattern.compile("query: .* (at position \\d+|in fieldSelector) \\(expected: .*\\)"),
          // The API server has no verb for it, or no kind.
          Pattern.compile("method: .* \\(expected: .*\\)"),
          Pattern.compile("path: ends with the verb (watch|proxy) \\(expected: .*\\)"));

  private final Map<String, Integer> refused = new LinkedHashMap<>();
  private final List<String> differences = new ArrayList<>();
  private int different;
  private int equal;

  void add(Question question, Reading kubernetes) {
    Reading ours;
    try {
      ours = Reading.of(question);
    } catch (RefusedRequestException e) {
      refused(question, e.getMessage());
      return;
    }
    if (ours.equals(kubernetes)) {
      equal++;
    } else {
      differs(question + "\n  hub:        " + ours + "\n  Kubernetes: " + kubernetes);
    }
  }

  private void refused(Question question, String reason) {
    for (Pattern declared : DECLARED) {
      if (declared.matcher(reason).matches()) {
        refused.merge(declared.pattern(), 1, Integer::sum);
        return;
      }
    }
    differs(question + "\n  refused for no declared reason: " + reason);
  }

  private void differs(String difference) {
    different++;
    if (differences.size() < SHOWN) {
      differences.add(difference);
    }
  }

  /** Fails if anything is read differently, or if the cases were too much alike to tell. */
  void holds() {
    if (different > 0) {
      throw new AssertionError(
          different + " requests are read differently:\n" + String.join("\n", differences));
    }
    if (refused.size() < DECLARED.size()) {
      throw new AssertionError("refused for " + refused + " (expected: each of " + DECLARED + ")");
    }
    int cases = equal + refused.values().stream().mapToInt(Integer::intValue).sum();
    if (equal < cases / 4) {
      throw new AssertionError(equal + " of " + cases + " were compared (expected: a quarter)");
    }
  }

  @Override
  public String toString() {
    return equal + " read the same, " + different + " differently; refused: " + refused;
  }
}
