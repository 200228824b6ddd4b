package dev.fairlead.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a request runs as: Kubernetes' {@code user.Info}. The agent sends it to the API server as
 * impersonation headers, so that the cluster's own RBAC has the last word.
 *
 * @param username the user's name; not blank
 * @param uid the user's stable id, or null if there is none
 * @param groups the user's groups, in order, without those Kubernetes adds by itself
 * @param extra further facts about the user, by lower-case key
 */
public record Identity(
    String username, @Nullable String uid, List<String> groups, Map<String, List<String>> extra) {

  private static final int MOST_VALUES = 1_000;
  private static final int LONGEST_VALUE = 1_024;

  /**
   * Checks and copies the parts.
   *
   * @param username the user's name; not blank
   * @param uid the user's stable id, or null if there is none
   * @param groups the user's groups, in order, without those Kubernetes adds by itself
   * @param extra further facts about the user, by lower-case key
   * @throws InvalidException if a part is blank, begins or ends with white space, holds a control
   *     character, is longer than 1,024 characters, or if there are more than 1,000 groups or extra
   *     values
   */
  public Identity {
    require("username", username);
    if (uid != null) {
      require("uid", uid);
    }
    groups = List.copyOf(groups);
    groups.forEach(group -> require("group", group));
    Map<String, List<String>> copy = new LinkedHashMap<>();
    extra.forEach(
        (key, values) -> {
          require("extra key", key);
          values.forEach(value -> require("extra value of " + key, value));
          copy.put(key, List.copyOf(values));
        });
    extra = java.util.Collections.unmodifiableMap(copy);
    int values = groups.size() + extra.values().stream().mapToInt(List::size).sum();
    if (values > MOST_VALUES) {
      throw new InvalidException(
          "identity: "
              + values
              + " groups and extra values (expected: at most "
              + MOST_VALUES
              + ")");
    }
  }

  /**
   * A user without groups.
   *
   * @param username the user's name
   * @return the identity
   * @throws InvalidException if the name is not usable
   */
  public static Identity user(String username) {
    return new Identity(username, null, List.of(), Map.of());
  }

  /**
   * The same user in further groups.
   *
   * @param more groups to add
   * @return a new identity
   * @throws InvalidException if a group is not usable
   */
  public Identity inGroups(String... more) {
    List<String> all = new ArrayList<>(groups);
    all.addAll(List.of(more));
    return new Identity(username, uid, all, extra);
  }

  private static void require(String what, String value) {
    Objects.requireNonNull(value, what);
    boolean clean =
        !value.isEmpty()
            && value.length() <= LONGEST_VALUE
            && value.strip().length() == value.length()
            && value.chars().noneMatch(c -> c < 0x20 || (c >= 0x7f && c < 0xa0))
            && wellFormed(value);
    if (!clean) {
      throw new InvalidException(
          what
              + ": "
              + Printable.quote(value)
              + " (expected: 1-"
              + LONGEST_VALUE
              + " characters, none of them a control character, no white space at either end)");
    }
  }

  private static boolean wellFormed(String value) {
    return value
        .codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
