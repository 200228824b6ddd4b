package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WatchTest extends RunningCluster {

  @Override
  DemoCluster.Builder configure(DemoCluster.Builder builder) {
    return builder.history(16);
  }

  private String version() {
    return api.get(CONFIG_MAPS).text("/metadata/resourceVersion");
  }

  @Test
  void tellsWhatHappensAfterAVersion() throws Exception {
    String from = version();
    try (var watch = api.stream(CONFIG_MAPS + "?watch=true&resourceVersion=" + from)) {
      api.post(CONFIG_MAPS, ApiClient.configMap("a", "{}"));
      api.patch(CONFIG_MAPS + "/a", "application/merge-patch+json", "{\"data\":{\"k\":\"v\"}}");
      api.delete(CONFIG_MAPS + "/a");
      assertThat(ApiClient.event(watch).at("/type").asText()).isEqualTo("ADDED");
      var modified = ApiClient.event(watch);
      assertThat(modified.at("/type").asText()).isEqualTo("MODIFIED");
      assertThat(modified.at("/object/data/k").asText()).isEqualTo("v");
      assertThat(ApiClient.event(watch).at("/type").asText()).isEqualTo("DELETED");
    }
  }

  @Test
  void beginsWithWhatExistsWhenNoVersionIsGiven() throws Exception {
    try (var watch = api.stream("/api/v1/nodes?watch=true")) {
      var event = ApiClient.event(watch);
      assertThat(event.at("/type").asText()).isEqualTo("ADDED");
      assertThat(event.at("/object/metadata/name").asText()).isEqualTo("demo-node");
    }
  }

  @Test
  void initialEventsEndWithABookmarkThatSaysSo() throws Exception {
    String path =
        "/api/v1/nodes?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
            + "&resourceVersionMatch=NotOlderThan";
    try (var watch = api.stream(path)) {
      ApiClient.event(watch);
      var bookmark = ApiClient.event(watch);
      assertThat(bookmark.at("/type").asText()).isEqualTo("BOOKMARK");
      assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
          .isEqualTo("true");
    }
  }

  @Test
  void anObjectThatLeavesTheSelectionIsDeletedForTheWatcher() throws Exception {
    String from = version();
    try (var watch =
        api.stream(CONFIG_MAPS + "?watch=true&labelSelector=on=yes&resourceVersion=" + from)) {
      api.post(CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"on\":\"yes\"}}}");
      api.patch(
          CONFIG_MAPS + "/a",
          "application/merge-patch+json",
          "{\"metadata\":{\"labels\":{\"on\":\"no\"}}}");
      assertThat(ApiClient.event(watch).at("/type").asText()).isEqualTo("ADDED");
      var left = ApiClient.event(watch);
      assertThat(left.at("/type").asText()).isEqualTo("DELETED");
      assertThat(left.at("/object/metadata/labels/on").asText()).isEqualTo("yes");
    }
  }

  @Test
  void aForgottenVersionHasExpired() throws Exception {
    String from = version();
    api.post(CONFIG_MAPS, ApiClient.configMap("a", "{}"));
    for (int i = 0; i < 20; i++) {
      api.patch(
          CONFIG_MAPS + "/a", "application/merge-patch+json", "{\"data\":{\"k\":\"" + i + "\"}}");
    }
    try (var watch = api.stream(CONFIG_MAPS + "?watch=true&resourceVersion=" + from)) {
      var error = ApiClient.event(watch);
      assertThat(error.at("/type").asText()).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
      assertThat(watch.readLine()).isNull();
    }
  }

  @Test
  void endsInGoodOrderAfterTheTimeTheClientSet() throws Exception {
    try (var watch =
        api.stream(
            CONFIG_MAPS
                + "?watch=true&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion="
                + version())) {
      assertThat(ApiClient.event(watch).at("/type").asText()).isEqualTo("BOOKMARK");
      assertThat(watch.readLine()).isNull();
    }
  }

  @Test
  void aVersionOfTheFutureIsRefused() {
    assertThat(api.get(CONFIG_MAPS + "?watch=true&resourceVersion=999999").status()).isEqualTo(504);
  }

  @Test
  void alsoWorksOverAWebSocket() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    WebSocket socket =
        api.http()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + cluster.adminToken())
            .buildAsync(
                URI.create(cluster.url().replace("https", "wss") + "/api/v1/nodes?watch=true"),
                new WebSocket.Listener() {
                  private final StringBuilder text = new StringBuilder();

                  @Override
                  public CompletionStage<?> onText(
                      WebSocket webSocket, CharSequence data, boolean last) {
                    text.append(data);
                    if (last) {
                      first.complete(text.toString());
                    }
                    webSocket.request(1);
                    return null;
                  }
                })
            .get(10, TimeUnit.SECONDS);
    assertThat(first.get(10, TimeUnit.SECONDS)).contains("\"ADDED\"", "demo-node");
    socket.abort();
  }
}
