package dev.fairlead.e2e;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What may differ between a command's output directly at the API server and through the hub. All
 * else has to be the same, byte for byte.
 */
final class Masks {

  private static final List<Mask> ALL =
      List.of(
          mask("lane-[dh]-", "lane-x-", "each way works in a namespace of its own"),
          mask(
              "https://127\\.0\\.0\\.1:\\d+(/clusters/real)?",
              "https://SERVER",
              "the server's address is the difference one looks for"),
          mask("127\\.0\\.0\\.1:\\d+ ->", "127.0.0.1:PORT ->", "port-forward listens on any port"),
          mask("\\[::1]:\\d+ ->", "[::1]:PORT ->", "port-forward listens on any port"),
          mask(
              "(?m)^Handling connection for \\d+\n",
              "",
              "port-forward says this before or after it has told all that it listens on"),
          mask(
              "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z",
              "TIME", "times: the two commands do not run in the same moment"),
          mask(
              "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}",
              "TIME", "times, as kubectl describe shows them"),
          mask(
              "(?<![\\w.:/-])(\\d+[ydhms]){1,2}(?![\\w.:/-]) *",
              "AGE ",
              "ages, and the padding that depends on their length"),
          mask("\\b(AGE|LAST SEEN|Age) +", "$1 ", "the padding of the heads of columns with ages"),
          mask("(?m) +$", "", "the padding of such a column at a line's end"),
          mask(
              "(?m)^  ----( +)------( +)-+( +)",
              "  ---- ------ ---- ",
              "the underlines of describe's events, whose Age column has a varying width"),
          mask(
              "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
              "UID", "an object created twice has two uids"),
          mask(
              "(resourceVersion\"?: ?\"?|Resource Version: +)\\d+",
              "$1VERSION",
              "an object written twice has two resource versions"),
          mask(
              "\\b(web-[0-9a-f]{8,10}|kube-api-access)-[bcdfghjklmnpqrstvwxz2456789]{5}\\b",
              "$1-RANDOM", "the server makes up the end of these names"),
          mask("\\b10\\.0\\.0\\.\\d+\\b *", "POD-IP ", "each pod has an address of its own"),
          mask(
              "/tmp/(LIVE|MERGED)-\\d+",
              "/tmp/$1-RANDOM",
              "diff compares files in directories with made-up names"),
          mask(
              "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ [+-]\\d{4}",
              "TIME", "times of files, as diff shows them"),
          mask("\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "TOKEN", "no two tokens are the same"),
          mask("\\bIP +", "IP ", "the padding of the head of the column with pods' addresses"),
          mask(
              "(?m)^[IWE]\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d+ +\\d+ websocket\\.go:\\d+] Unknown"
                  + " stream id 1, discarding message\n",
              "", "kubectl's WebSocket executor says this or not, by how its goroutines race"));

  private Masks() {}

  /** The text without what may differ. */
  static String apply(String text) {
    String masked = text;
    for (Mask mask : ALL) {
      masked = mask.pattern().matcher(masked).replaceAll(mask.replacement());
    }
    return masked;
  }

  private static Mask mask(String regex, String replacement, String reason) {
    return new Mask(Pattern.compile(regex), replacement, reason);
  }

  private record Mask(Pattern pattern, String replacement, String reason) {
    Mask {
      if (reason.isBlank()) {
        throw new IllegalArgumentException("mask " + pattern + ": no reason");
      }
    }
  }
}
