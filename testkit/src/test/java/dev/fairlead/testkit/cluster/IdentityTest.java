package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IdentityTest extends RunningCluster {
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  @Override
  DemoCluster.Builder configure(DemoCluster.Builder builder) {
    return builder.user("janes-token", "jane", List.of("dev"));
  }

  private HttpRequest.Builder asJane(String path) {
    return api.anonymously(path).header("Authorization", "Bearer janes-token");
  }

  @Test
  void theAdministratorIsKnownByToken() {
    var who = api.post(WHO, "{}");
    assertThat(who.status()).isEqualTo(201);
    assertThat(who.text("/status/userInfo/username")).isEqualTo("kubernetes-admin");
    assertThat(who.body().at("/status/userInfo/groups").toString()).contains("system:masters");
  }

  @Test
  void impersonationHeadersAreHonouredForTheAdministrator() {
    var who =
        api.send(
            api.body("POST", WHO, "application/json", "{}")
                .header("Impersonate-User", "kim")
                .header("Impersonate-Group", "dev")
                .header("Impersonate-Group", "ops")
                .header("Impersonate-Uid", "42")
                .header("Impersonate-Extra-example.com%2fteam", "blue"));
    assertThat(who.text("/status/userInfo/username")).isEqualTo("kim");
    assertThat(who.text("/status/userInfo/uid")).isEqualTo("42");
    assertThat(who.body().at("/status/userInfo/groups").toString())
        .isEqualTo("[\"dev\",\"ops\",\"system:authenticated\"]");
    assertThat(who.body().at("/status/userInfo/extra").toString())
        .isEqualTo("{\"example.com/team\":[\"blue\"]}");

    RecordedRequest recorded = cluster.requests().get(cluster.requests().size() - 1);
    assertThat(recorded.user()).isEqualTo("kubernetes-admin");
    assertThat(recorded.impersonatedUser()).isEqualTo("kim");
    assertThat(recorded.path()).isEqualTo(WHO);
  }

  @Test
  void groupsWithoutAUserAreRefused() {
    assertThat(api.send(api.to("/api/v1/pods").header("Impersonate-Group", "x")).status())
        .isEqualTo(400);
  }

  @Test
  void othersMayNotImpersonate() {
    var answer = api.send(asJane("/api/v1/pods").header("Impersonate-User", "kim"));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("/message"))
        .isEqualTo(
            "users \"kim\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in"
                + " API group \"\" at the cluster scope");
  }

  @Test
  void theClustersOwnForbiddenReadsLikeKubernetes() {
    var answer = api.send(asJane("/api/v1/namespaces/kube-system/secrets"));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("/reason")).isEqualTo("Forbidden");
    assertThat(answer.text("/message"))
        .isEqualTo(
            "secrets is forbidden: User \"jane\" cannot list resource \"secrets\" in API group \"\""
                + " in the namespace \"kube-system\"");
    assertThat(api.send(asJane("/api/v1/secrets")).status()).isEqualTo(403);
    assertThat(api.send(asJane("/api/v1/namespaces/shop/secrets")).status()).isEqualTo(200);
  }

  @Test
  void accessReviewsAgreeWithWhatIsRefused() {
    String review =
        """
        {"spec":{"resourceAttributes":{"verb":"list","resource":"secrets","namespace":"%s"}}}""";
    String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    var no =
        api.send(
            asJane(path)
                .POST(HttpRequest.BodyPublishers.ofString(review.formatted("kube-system"))));
    var yes =
        api.send(asJane(path).POST(HttpRequest.BodyPublishers.ofString(review.formatted("shop"))));
    assertThat(no.body().at("/status/allowed").asBoolean(true)).isFalse();
    assertThat(yes.body().at("/status/allowed").asBoolean(false)).isTrue();
  }

  @Test
  void anUnknownTokenIsUnauthorizedAndNobodyIsAnonymous() {
    assertThat(
            api.send(api.anonymously("/api/v1/pods").header("Authorization", "Bearer wrong"))
                .status())
        .isEqualTo(401);
    assertThat(api.send(api.anonymously("/api/v1/pods")).status()).isEqualTo(403);
    assertThat(api.send(api.anonymously("/version")).status()).isEqualTo(200);
  }

  @Test
  void recordsKeepNoCredentials() {
    api.send(asJane("/api/v1/pods?limit=1"));
    RecordedRequest recorded = cluster.requests().get(0);
    assertThat(recorded.user()).isEqualTo("jane");
    assertThat(recorded.query()).isEqualTo("limit=1");
    assertThat(recorded.toString()).doesNotContain("janes-token");
  }

  @Test
  void kubeconfigsCarryTheirIdentityInACertificate() {
    assertThat(cluster.kubeconfig())
        .contains("server: " + cluster.url(), "client-certificate-data", "client-key-data");
    assertThat(cluster.kubeconfig("sam", List.of("dev"))).contains("user: sam");
  }
}
