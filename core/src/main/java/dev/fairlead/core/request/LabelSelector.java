package dev.fairlead.core.request;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a label selector can be read, by the grammar of Kubernetes ({@code
 * k8s.io/apimachinery/pkg/labels}): requirements between commas such as {@code a}, {@code !a},
 * {@code a=b}, {@code a in (b,c)} and {@code a>1}. What it selects is the cluster's affair.
 */
final class LabelSelector {

  private static final int LONGEST_NAME = 63;
  private static final int LONGEST_PREFIX = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");
  private static final String SPECIAL = "=!(),><";
  private static final String SPACE = " \t\r\n";

  /** What follows the last token. */
  private static final String END = "";

  private final List<String> tokens;
  private int at;

  private LabelSelector(List<String> tokens) {
    this.tokens = tokens;
  }

  static boolean isReadable(String selector) {
    return new LabelSelector(tokens(selector)).requirements();
  }

  private static List<String> tokens(String selector) {
    List<String> tokens = new ArrayList<>();
    int start = 0;
    while (start < selector.length()) {
      char c = selector.charAt(start);
      int end = start + 1;
      if (SPACE.indexOf(c) >= 0) {
        start++;
        continue;
      }
      if (SPECIAL.indexOf(c) >= 0) {
        boolean twice = (c == '=' || c == '!') && selector.startsWith("=", end);
        end += twice ? 1 : 0;
      } else {
        while (end < selector.length() && (SPECIAL + SPACE).indexOf(selector.charAt(end)) < 0) {
          end++;
        }
      }
      tokens.add(selector.substring(start, end));
      start = end;
    }
    return tokens;
  }

  private String next() {
    return at < tokens.size() ? tokens.get(at) : END;
  }

  private String take() {
    String token = next();
    at++;
    return token;
  }

  private static boolean isWord(String token) {
    return !token.isEmpty() && SPECIAL.indexOf(token.charAt(0)) < 0;
  }

  private boolean requirements() {
    while (isWord(next()) || next().equals("!")) {
      if (!requirement()) {
        return false;
      }
      String behind = take();
      if (behind.equals(END)) {
        return true;
      }
      if (!behind.equals(",") || next().equals(END)) {
        return false;
      }
    }
    return next().equals(END);
  }

  private boolean requirement() {
    boolean absent = next().equals("!");
    if (absent) {
      take();
    }
    String key = take();
    if (!isWord(key) || !isKey(key)) {
      return false;
    }
    if (absent || next().equals(END) || next().equals(",")) {
      return true;
    }
    return switch (take()) {
      case "in", "notin" -> values();
      case "=", "==", "!=" -> value(false);
      case ">", "<" -> value(true);
      default -> false;
    };
  }

  private boolean value(boolean number) {
    if (next().equals(END) || next().equals(",")) {
      return !number;
    }
    String value = take();
    return isWord(value) && isValue(value) && (!number || ListQuery.isInteger(value));
  }

  /** One or more between parentheses, of which any may be empty. */
  private boolean values() {
    if (!take().equals("(") || !isWord(next()) && !next().equals(",")) {
      return false;
    }
    while (true) {
      String token = take();
      if (isWord(token)) {
        if (!isValue(token) || !next().equals(",") && !next().equals(")")) {
          return false;
        }
      } else if (!token.equals(",")) {
        return false;
      } else if (next().equals(",")) {
        take();
      }
      if (next().equals(")")) {
        take();
        return true;
      }
    }
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    boolean named = name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    return slash < 0
        ? named
        : named && slash <= LONGEST_PREFIX && PREFIX.matcher(key.substring(0, slash)).matches();
  }

  private static boolean isValue(String value) {
    return value.length() <= LONGEST_NAME && NAME.matcher(value).matches();
  }
}
