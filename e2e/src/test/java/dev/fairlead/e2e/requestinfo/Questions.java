package dev.fairlead.e2e.requestinfo;

import java.util.List;
import java.util.Random;

/** Requests by a seed: most as clients send them, some of them altered. */
final class Questions {

  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "LIST");

  private static final List<String> PREFIXES = List.of("api", "api", "apis", "apis", "API", "x");

  private static final List<String> SEGMENTS =
      List.of(
          "v1",
          "apps",
          "batch",
          "rbac.authorization.k8s.io",
          "namespaces",
          "namespaces",
          "shop",
          "pods",
          "nodes",
          "web",
          "system:node",
          "system%3Anode",
          "watch",
          "proxy",
          "status",
          "finalize",
          "exec",
          "log",
          "scale",
          "a%20b",
          "caf%C3%A9",
          "x=y",
          "*",
          "@",
          "~1",
          "100%25");

  private static final List<String> NAMES =
      List.of(
          "watch",
          "watch",
          "fieldSelector",
          "fieldSelector",
          "labelSelector",
          "labelSelector",
          "limit",
          "timeoutSeconds",
          "continue",
          "resourceVersion",
          "sendInitialEvents",
          "allowWatchBookmarks",
          "w%61tch",
          "Watch",
          "x");

  private static final List<String> FLAGS =
      List.of("true", "true", "false", "False", "0", "1", "", "no", "t", "%31");

  private static final List<String> NUMBERS =
      List.of(
          "500",
          "30",
          "-3",
          "%2B5",
          "+5",
          "",
          "1_000",
          "0x10",
          "1.5",
          "99999999999999999999",
          "%D9%A3");

  private static final List<String> FIELDS =
      List.of(
          "metadata.name=web",
          "metadata.name%3Dweb",
          "metadata.name==web",
          "metadata.name=web,spec.x!=y",
          "metadata.name!=web",
          "metadata.name=a,metadata.name=b",
          "spec.nodeName=n1,metadata.name=web",
          "metadata.name=a%5C,b",
          "metadata.name=a%5C",
          "metadata.name=a%5Cx",
          "metadata.name=..",
          "metadata.name=a%2Fb",
          "metadata.name=a%2525",
          "metadata.name",
          "metadata.name=%FF",
          "+metadata.name=web",
          "metadata.name=web+",
          ",",
          "=");

  /** Parts of label selectors; some are put together to whole ones. */
  private static final List<String> LABELS =
      List.of(
          "app",
          "app",
          "web",
          "a/b",
          "a/b/c",
          "A.b/C_d",
          "-a",
          "a-",
          "1",
          "-1",
          "%2B1",
          "in",
          "notin",
          "x.y.z",
          "/a",
          "a/",
          "=",
          "==",
          "!=",
          "=",
          ",",
          ",",
          "(",
          ")",
          "(",
          ")",
          "!",
          "%21",
          "<",
          ">",
          "+",
          "%09",
          "+in+(",
          "+notin+(",
          "%C3%A9",
          "*");

  private static final List<String> NOISE =
      List.of(
          "/",
          "//",
          "/.",
          "/../",
          "%2e%2e",
          "%2f",
          "%5C",
          ";",
          "%3b",
          "%00",
          "%25",
          "%252e",
          "%",
          "%zz",
          "?",
          "&",
          "=",
          "#",
          "+",
          "\\",
          "*",
          ":",
          "@",
          "http://h",
          "%c0%ae",
          "%ff",
          "[",
          "|",
          "\"",
          "<",
          "^",
          "%0d%0a",
          "%7f",
          "%c2%85");

  private final Random random;

  Questions(long seed) {
    this.random = new Random(seed);
  }

  /** The next one, which can stand in a request line. */
  Question next() {
    while (true) {
      StringBuilder target = new StringBuilder();
      path(target);
      query(target);
      for (int edits = random.nextInt(6) - 3; edits > 0; edits--) {
        edit(target);
      }
      Question question = new Question(one(METHODS), target.toString());
      if (question.isLine()) {
        return question;
      }
    }
  }

  private void path(StringBuilder target) {
    if (random.nextInt(20) == 0) {
      target.append(one(List.of("/healthz/etcd", "/version", "/openapi/v3", "/", "/metrics")));
      return;
    }
    target.append('/').append(one(PREFIXES));
    boolean inNamespace = random.nextInt(3) == 0;
    if (inNamespace) {
      target.append(target.toString().equals("/apis") ? "/apps/v1" : "/v1");
      target.append(random.nextInt(6) == 0 ? "/watch" : "").append("/namespaces/shop");
    }
    for (int segments = random.nextInt(inNamespace ? 5 : 8); segments > 0; segments--) {
      target.append('/').append(one(SEGMENTS));
    }
    if (random.nextInt(10) == 0) {
      target.append('/');
    }
  }

  private void query(StringBuilder target) {
    int parameters = random.nextInt(6) - 1;
    if (parameters > 0) {
      target.append('?');
    }
    for (; parameters > 0; parameters--) {
      String name = one(NAMES);
      target.append(name);
      if (random.nextInt(12) > 0) {
        target.append('=').append(value(random.nextInt(8) == 0 ? one(NAMES) : name));
      }
      if (parameters > 1) {
        target.append('&');
      }
    }
  }

  private String value(String of) {
    return switch (of) {
      case "fieldSelector" -> one(FIELDS);
      case "limit", "timeoutSeconds" -> one(NUMBERS);
      case "labelSelector" -> labels();
      default -> one(FLAGS);
    };
  }

  private String labels() {
    StringBuilder labels = new StringBuilder();
    for (int parts = 1 + random.nextInt(7); parts > 0; parts--) {
      labels.append(one(LABELS));
    }
    return labels.toString();
  }

  private void edit(StringBuilder target) {
    int at = random.nextInt(target.length() + 1);
    switch (random.nextInt(5)) {
      case 0 -> target.insert(at, (char) (0x21 + random.nextInt(0x5e)));
      case 1 -> target.delete(at, Math.min(target.length(), at + 1 + random.nextInt(5)));
      case 2 -> target.insert(at, target.substring(0, Math.min(at, 40)));
      default -> target.insert(at, one(NOISE));
    }
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
