package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

final class DemoClusterTest extends RunningCluster {

  @Test
  void servesHttp2ToThoseWhoOfferIt() {
    assertThat(api.get("/version").version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(api.send(api.to("/version").version(HttpClient.Version.HTTP_1_1)).version())
        .isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void closeMayBeRepeatedAndEndsListening() {
    String url = cluster.url();
    cluster.close();
    cluster.close();
    assertThatThrownBy(cluster::port).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cluster::start).isInstanceOf(IllegalStateException.class);
    assertThat(url).startsWith("https://127.0.0.1:");
  }

  @Test
  void aPortInUseIsAnErrorThatNamesIt() {
    DemoCluster second = DemoCluster.builder().port(cluster.port()).build();
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + cluster.port());
  }

  @Test
  void twoClustersLiveSideBySide() throws Exception {
    try (DemoCluster other = DemoCluster.builder().build().start()) {
      api.post(CONFIG_MAPS, ApiClient.configMap("only-here", "{}"));
      assertThat(new ApiClient(other).get(CONFIG_MAPS + "/only-here").status()).isEqualTo(404);
    }
  }

  @Test
  void discoveryListsWhatIsServed() {
    assertThat(api.get("/api").body().at("/versions/0").asText()).isEqualTo("v1");
    assertThat(api.get("/apis").body().at("/groups").findValuesAsText("name"))
        .contains("apps", "coordination.k8s.io", "authentication.k8s.io", "authorization.k8s.io");
    assertThat(api.get("/api/v1").body().at("/resources").findValuesAsText("name"))
        .contains("pods", "pods/exec", "pods/log", "namespaces", "events");
    assertThat(api.get("/apis/apps/v1").body().at("/resources").findValuesAsText("name"))
        .contains("deployments", "deployments/scale", "replicasets/status");
    assertThat(api.get("/apis/nothing.here/v1").status()).isEqualTo(404);
  }

  @Test
  void discoveryIsAggregatedForThoseWhoAskFirstForThat() {
    var answer =
        api.send(
            api.to("/apis")
                .header(
                    "Accept",
                    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                        + "application/json"));
    assertThat(answer.text("/kind")).isEqualTo("APIGroupDiscoveryList");
    assertThat(answer.text("/items/0/versions/0/resources/0/scope")).isEqualTo("Namespaced");
  }

  @Test
  void openApiDescribesTheKindsThatAreServed() {
    var root = api.get("/openapi/v3").body();
    String document = root.at("/paths/apis~1apps~1v1/serverRelativeURL").asText();
    var patch =
        api.get(document)
            .body()
            .at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}/patch");
    assertThat(patch.findValuesAsText("name")).contains("fieldValidation", "dryRun");
    assertThat(api.get("/openapi/v2").text("/swagger")).isEqualTo("2.0");
  }

  @Test
  void theFirstObjectsLookAlive() {
    var pods = api.get("/api/v1/pods").body().at("/items");
    assertThat(pods).hasSizeGreaterThanOrEqualTo(4);
    assertThat(pods)
        .allSatisfy(p -> assertThat(p.at("/status/phase").asText()).isEqualTo("Running"));
  }

  @Test
  void tablesAreServedToThoseWhoAskForThem() {
    var table =
        api.send(
            api.to("/api/v1/namespaces/shop/pods/cart-0")
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"));
    assertThat(table.text("/kind")).isEqualTo("Table");
    assertThat(table.body().at("/columnDefinitions").findValuesAsText("name"))
        .startsWith("Name", "Ready", "Status", "Restarts", "Age");
    assertThat(table.text("/rows/0/cells/2")).isEqualTo("Running");
  }
}
