package dev.fairlead.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {

  private static final Identity JANE = Identity.user("jane");
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void deniesWithoutRolesAndInTheWordsOfKubernetes() {
    Roles none = Roles.builder().build();
    assertThat(message(none, "GET", "/api/v1/namespaces/shop/pods"))
        .isEqualTo(
            "User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace"
                + " \"shop\" on cluster prod-eu");
    assertThat(message(none, "DELETE", "/apis/apps/v1/deployments"))
        .isEqualTo(
            "User \"jane\" cannot deletecollection resource \"deployments\" in API group \"apps\""
                + " at the cluster scope on cluster prod-eu");
    assertThat(message(none, "GET", "/api/v1/namespaces/shop/pods/p/exec"))
        .contains("cannot create resource \"pods/exec\"");
    assertThat(message(none, "GET", "/version"))
        .isEqualTo("User \"jane\" cannot get path \"/version\" on cluster prod-eu");
    assertThat(message(none, "GET", "/x%22y")).contains("path \"/x\\\"y\"");
  }

  @Test
  void decisionNamesTheRoleAndTheRuleThatAllowed() {
    Roles roles =
        Roles.builder()
            .role("reader", pods("list"), pods("get"))
            .bindUsers("reader", "jane")
            .build();
    assertThat(decide(roles, JANE, "prod-eu", "GET", "/api/v1/namespaces/shop/pods/p"))
        .isEqualTo(new Decision.Allowed("reader", "rules[1]"));
  }

  @Test
  void stageIsCompleteAtOnce() {
    Roles roles = Roles.builder().role("r", pods("get")).bindUsers("r", "jane").build();
    AccessRequest request =
        AccessRequest.of(JANE, ClusterName.of("a"), RequestInfo.nonResource("get", "/x"), NOW);
    assertThat(roles.authorize(request)).isCompleted();
  }

  @ParameterizedTest
  @CsvSource({
    "pods, pods, true",
    "pods, pods/exec, false",
    "pods, pods/log, false",
    "pods, podtemplates, false",
    "pods/log, pods/log, true",
    "pods/log, pods, false",
    "pods/log, pods/exec, false",
    "pods/*, pods/exec, true",
    "pods/*, pods, false",
    "pods/*, services/proxy, false",
    "*/scale, deployments/scale, true",
    "*/scale, deployments, false",
    "*/scale, deployments/status, false",
    "*, pods, true",
    "*, pods/exec, true",
  })
  void resourcesAndSubresourcesAreApart(String rule, String asked, boolean allowed) {
    Roles roles = bound(all().resources(rule));
    String[] parts = asked.split("/");
    String target =
        "/api/v1/namespaces/n/" + parts[0] + "/x" + (parts.length > 1 ? "/" + parts[1] : "");
    assertThat(allows(roles, "prod-eu", "PUT", target)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "*, prod-eu, true",
    "prod-*, prod-eu, true",
    "prod-*, prod, false",
    "prod-*, xprod-eu, false",
    "prod-eu, prod-eu, true",
    "prod-eu, prod-eu2, false",
    "prod-eu, prod-e, false",
  })
  void clustersMatchByNameOrPrefix(String rule, String cluster, boolean allowed) {
    assertThat(allows(bound(all().clusters(rule)), cluster, "GET", "/api/v1/pods"))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "*, /api/v1/pods, true",
    "*, /api/v1/nodes/n, true",
    "shop, /api/v1/namespaces/shop/pods, true",
    "shop, /api/v1/namespaces/shop, true",
    "shop, /api/v1/namespaces/shop2/pods, false",
    "shop, /api/v1/pods, false",
    "shop, /api/v1/nodes/n, false",
    "shop-*, /api/v1/namespaces/shop-a/pods, true",
    "shop-*, /api/v1/namespaces/shop/pods, false",
    "shop-*, /api/v1/pods, false",
  })
  void onlyAStarCoversTheClusterScope(String namespaces, String target, boolean allowed) {
    assertThat(allows(bound(all().namespaces(namespaces)), "prod-eu", "GET", target))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "'', /api/v1/pods, true",
    "'', /apis/metrics.k8s.io/v1/pods, false",
    "apps, /apis/apps/v1/pods, true",
    "apps, /api/v1/pods, false",
    "apps, /apis/apps.evil.io/v1/pods, false",
    "*, /apis/metrics.k8s.io/v1/pods, true",
  })
  void groupIsAlwaysCompared(String group, String target, boolean allowed) {
    assertThat(allows(bound(all().apiGroups(group)), "prod-eu", "GET", target)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/n/pods/p, true",
    "GET, /api/v1/namespaces/n/pods, true",
    "GET, /api/v1/namespaces/n/pods?watch=1, false",
    "GET, /api/v1/watch/namespaces/n/pods, false",
    "POST, /api/v1/namespaces/n/pods, false",
    "DELETE, /api/v1/namespaces/n/pods, false",
    "GET, /api/v1/namespaces/n/pods/p/exec, false",
    "POST, /api/v1/namespaces/n/pods/p/exec, false",
    "GET, /api/v1/nodes/n/proxy/run/x, false",
    "GET, /api/v1/namespaces/n/services/s/proxy/x, true",
  })
  void readingDoesNotReachWatchWriteExecOrTheKubelet(
      String method, String target, boolean allowed) {
    assertThat(allows(bound(all().verbs("get", "list")), "prod-eu", method, target))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/n/secrets/db, true",
    "GET, /api/v1/namespaces/n/secrets/other, false",
    "GET, /api/v1/namespaces/n/secrets, false",
    "GET, /api/v1/namespaces/n/secrets?fieldSelector=metadata.name=db, true",
    "GET, '/api/v1/namespaces/n/secrets?fieldSelector=metadata.name=db,x', false",
    "POST, /api/v1/namespaces/n/secrets, false",
    "DELETE, /api/v1/namespaces/n/secrets?fieldSelector=metadata.name=db, false",
  })
  void resourceNamesLimitToRequestsThatNameOneOfThem(
      String method, String target, boolean allowed) {
    Roles roles = bound(all().resources("secrets").resourceNames("db"));
    assertThat(allows(roles, "prod-eu", method, target)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "/metrics, /metrics, true",
    "/metrics, /metrics/, false",
    "/metrics, /metricsx, false",
    "/logs/*, /logs/a/b, true",
    "/logs/*, /logs/, true",
    "/logs/*, /logs, false",
    "/logs*, /logsx, true",
    "*, /anything/at/all, true",
    "/metrics, /%6detrics, true",
  })
  void urlsMatchByPathOrPrefix(String rule, String target, boolean allowed) {
    Roles roles = bound(Rule.builder().clusters("*").nonResourceUrls(rule).verbs("get"));
    assertThat(allows(roles, "prod-eu", "GET", target)).isEqualTo(allowed);
    assertThat(allows(roles, "prod-eu", "POST", target)).isFalse();
    assertThat(allows(roles, "prod-eu", "GET", "/api/v1/pods")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/apis",
        "/api/v1",
        "/apis/apps",
        "/apis/apps/v1",
        "/version",
        "/openapi/v2",
        "/openapi/v3/apis/apps/v1",
        "/healthz",
        "/readyz",
        "/livez"
      })
  void whoHasARuleOnTheClusterReachesDiscovery(String path) {
    Roles roles = bound(all().clusters("prod-*").resources("pods"));
    assertThat(decide(roles, JANE, "prod-eu", "GET", path))
        .isEqualTo(new Decision.Allowed("fairlead:default", "discovery"));
    assertThat(allows(roles, "dev", "GET", path)).isFalse();
    assertThat(decide(roles, Identity.user("joe"), "prod-eu", "GET", path))
        .isInstanceOf(Decision.Denied.class);
    assertThat(allows(roles, "prod-eu", "POST", path)).isFalse();
  }

  @Test
  void discoveryDoesNotReachFurther() {
    Roles roles = bound(all().resources("pods"));
    assertThat(allows(roles, "prod-eu", "GET", "/metrics")).isFalse();
    assertThat(allows(roles, "prod-eu", "GET", "/apis/apps/v1/deployments")).isFalse();
    assertThat(allows(roles, "prod-eu", "GET", "/healthz/etcd")).isFalse();
    assertThat(allows(roles, "prod-eu", "GET", "/apisx")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews, true",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews, true",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews, true",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews, false",
    "/apis/authentication.k8s.io/v1/tokenreviews, false",
    "/api/v1/selfsubjectreviews, false",
  })
  void whoHasARuleOnTheClusterMayAskAboutThemselves(String target, boolean allowed) {
    Roles roles = bound(all().resources("pods"));
    assertThat(allows(roles, "prod-eu", "POST", target)).isEqualTo(allowed);
    assertThat(allows(roles, "prod-eu", "GET", target)).isFalse();
  }

  @Test
  void rolesComeByUserAndByGroup() {
    Roles roles =
        Roles.builder()
            .bindGroups("reader", "payments", "ops")
            .role("reader", all().build())
            .build();
    assertThat(allows(roles, "prod-eu", "GET", "/api/v1/pods")).isFalse();
    assertThat(decide(roles, JANE.inGroups("a", "ops"), "prod-eu", "GET", "/api/v1/pods"))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(decide(roles, Identity.user("ops"), "prod-eu", "GET", "/api/v1/pods"))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void starDoesNotAllowToImpersonate() {
    RequestInfo info = new RequestInfo(true, "", "impersonate", "", "v1", "", "users", "", "admin");
    assertThat(
            bound(all())
                .authorize(AccessRequest.of(JANE, ClusterName.of("a"), info, NOW))
                .toCompletableFuture()
                .join())
        .isInstanceOf(Decision.Denied.class);
  }

  private static Rule.Builder all() {
    return Rule.builder().clusters("*").namespaces("*").apiGroups("*").resources("*").verbs("*");
  }

  private static Rule pods(String verb) {
    return all().resources("pods").verbs(verb).build();
  }

  private static Roles bound(Rule.Builder rule) {
    return Roles.builder().role("r", rule.build()).bindUsers("r", "jane").build();
  }

  private static boolean allows(Roles roles, String cluster, String method, String target) {
    return decide(roles, JANE, cluster, method, target) instanceof Decision.Allowed;
  }

  private static String message(Roles roles, String method, String target) {
    return ((Decision.Denied) decide(roles, JANE, "prod-eu", method, target)).message();
  }

  private static Decision decide(
      Roles roles, Identity identity, String cluster, String method, String target) {
    RequestInfo info = KubernetesRequest.of(method, RequestTarget.parse(target)).forAuthorization();
    return roles
        .authorize(AccessRequest.of(identity, ClusterName.of(cluster), info, NOW))
        .toCompletableFuture()
        .join();
  }
}
