package dev.fairlead.core.enrolment;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The syntax of Kubernetes' labels: {@code [prefix/]name=value}. */
public final class KubernetesLabels {

  private static final int MOST = 64;
  private static final int LONGEST_PREFIX = 253;
  private static final int LONGEST_SHOWN = 80;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*+");

  private KubernetesLabels() {}

  /**
   * Refuses what is no label.
   *
   * @param labels values by key
   * @throws InvalidException if there are too many, or one is none; the message lists every mistake
   */
  public static void require(Map<String, String> labels) {
    List<String> mistakes = new ArrayList<>();
    if (labels.size() > MOST) {
      mistakes.add(labels.size() + " labels (expected: at most " + MOST + ")");
    } else {
      new TreeMap<>(labels).forEach((key, value) -> examine(key, value, mistakes));
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("\n", mistakes));
    }
  }

  private static void examine(String key, String value, List<String> mistakes) {
    if (!isKey(key)) {
      mistakes.add(
          "label key: "
              + shown(key)
              + " (expected: [prefix/]name, the name 1-63 of A-Z, a-z, 0-9, -, _ and ., beginning and"
              + " ending with a letter or digit, the prefix a DNS name in lower case)");
    }
    if (!value.isEmpty() && !NAME.matcher(value).matches()) {
      mistakes.add(
          "label value of "
              + shown(key)
              + ": "
              + shown(value)
              + " (expected: empty, or 1-63 of A-Z, a-z, 0-9, -, _ and ., beginning and ending with a"
              + " letter or digit)");
    }
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    boolean prefixFits =
        slash < 0 || (slash <= LONGEST_PREFIX && PREFIX.matcher(key.substring(0, slash)).matches());
    return prefixFits && NAME.matcher(key.substring(slash + 1)).matches();
  }

  private static String shown(String untrusted) {
    StringBuilder out = new StringBuilder("\"");
    untrusted
        .chars()
        .limit(LONGEST_SHOWN)
        .forEach(c -> out.append(c < 0x20 || c > 0x7e ? '?' : (char) c));
    return out.append(untrusted.length() > LONGEST_SHOWN ? "…\"" : "\"").toString();
  }
}
