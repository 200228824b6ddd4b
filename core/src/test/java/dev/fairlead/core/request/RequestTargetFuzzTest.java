package dev.fairlead.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestTargetFuzzTest {

  private static final long SEED = 20_260_731L;
  private static final int ROUNDS = 50_000;

  private static final List<String> CORPUS =
      List.of(
          "/api/v1/namespaces/shop/pods?watch=true&fieldSelector=metadata.name%3Dweb",
          "/apis/apps/v1/namespaces/shop/deployments/web/scale",
          "/clusters/prod-eu/api/v1/namespaces/x/services/https:foo:443/proxy/some/path?x=y",
          "/clusters/prod-eu/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
          "/api/v1/watch/namespaces/shop/pods/web",
          "/api/v1/proxy/nodes/n1/metrics",
          "/api/v1/pods?labelSelector=app+in+(a,b)&limit=500&timeoutSeconds=30",
          "/healthz/etcd?verbose");

  private static final List<String> TOKENS =
      List.of(
          "/",
          "//",
          ".",
          "..",
          "%2e",
          "%2E%2e",
          "%2f",
          "%5C",
          "\\",
          ";",
          "%3b",
          "%00",
          "%25",
          "%252e",
          "%25252f",
          "%",
          "%z",
          "?",
          "&",
          "=",
          "#",
          "+",
          " ",
          "\r\n",
          "\t",
          "\u0000",
          "é",
          "%c3%a9",
          "%c0%ae",
          "%ff",
          "*",
          "http://",
          ":",
          "@",
          "clusters",
          "/clusters/",
          "prod-eu",
          "A",
          "api",
          "apis",
          "watch",
          "proxy",
          "namespaces",
          "status",
          "watch=0",
          "fieldSelector=",
          "metadata.name=..",
          "metadata.name%3D%2e%2e%2fx",
          "labelSelector=((",
          "limit=x",
          "%20");

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "get", "");

  private int accepted;
  private int refused;

  @Test
  void randomTargetsAreEitherRefusedOrReadWithoutAlteringAByte() {
    Random random = new Random(SEED);
    ClusterAddressing addressing = ClusterAddressing.byPathAndHost("hub.example.com");
    for (int round = 0; round < ROUNDS; round++) {
      String raw = mutated(random);
      String method = METHODS.get(random.nextInt(METHODS.size()));
      try {
        check(raw, method, addressing);
        accepted++;
      } catch (RefusedRequestException e) {
        assertThat(e.code()).as("round %d: %s", round, raw).isIn(400, 404, 405);
        refused++;
      }
    }
    assertThat(accepted).as("accepted").isGreaterThan(ROUNDS / 20);
    assertThat(refused).as("refused").isGreaterThan(ROUNDS / 20);
  }

  private static void check(String raw, String method, ClusterAddressing addressing) {
    RequestTarget target = RequestTarget.parse(raw);
    assertThat(target.raw()).isEqualTo(raw);
    assertThat(target.segments()).as(raw).allMatch(RequestTargetFuzzTest::harmless);
    assertThat(raw.toLowerCase(Locale.ROOT).split("\\?", 2)[0])
        .doesNotContain("//", "%2f", "%5c", "/%2e%2e/", "%00", ";", "\\", "/../");
    ClusterRequest request =
        addressing
            .resolve("hub.example.com", target)
            .orElse(new ClusterRequest(ClusterName.of("none"), target));
    assertThat(raw).endsWith(request.target().raw().substring(1));
    assertThat(RequestTarget.parse(request.target().raw()).segments())
        .isEqualTo(request.target().segments());
    KubernetesRequest read = KubernetesRequest.of(method, request.target());
    assertThat(read.info().verb()).isNotEmpty();
    assertThat(read.info().name()).doesNotContain("/").isNotIn("..", ".");
    assertThat(read.info().resource().isEmpty()).isNotEqualTo(read.info().isResourceRequest());
  }

  private static boolean harmless(String segment) {
    return !segment.isEmpty()
        && !segment.equals(".")
        && !segment.equals("..")
        && segment.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  private static String mutated(Random random) {
    StringBuilder target = new StringBuilder(CORPUS.get(random.nextInt(CORPUS.size())));
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      int at = random.nextInt(target.length() + 1);
      switch (random.nextInt(6)) {
        case 0 -> target.insert(at, (char) random.nextInt(256));
        case 1 -> target.setLength(at);
        case 2 -> target.delete(at, Math.min(target.length(), at + random.nextInt(8)));
        case 3 -> target.insert(at, target.substring(0, at));
        default -> target.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
      }
    }
    return target.toString();
  }
}
