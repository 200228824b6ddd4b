package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServerSideApplyTest extends RunningCluster {
  private static final String PATH = CONFIG_MAPS + "/a";

  private static String config(String data) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: %s
        """
        .formatted(data);
  }

  @Test
  void appliesOfTwoManagersMerge() {
    assertThat(api.apply(PATH, "one", config("{x: '1'}")).status()).isEqualTo(200);
    var merged = api.apply(PATH, "two", config("{y: '2'}"));
    assertThat(merged.body().at("/data").toString()).isEqualTo("{\"x\":\"1\",\"y\":\"2\"}");
    assertThat(merged.body().at("/metadata/managedFields").findValuesAsText("manager"))
        .containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void aFieldOfAnotherManagerIsAConflictUntilForced() {
    api.apply(PATH, "one", config("{x: '1'}"));
    var conflict = api.apply(PATH, "two", config("{x: '2'}"));
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.text("/message"))
        .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.x");
    assertThat(conflict.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");

    var forced = api.apply(PATH + "?force=true", "two", config("{x: '2'}"));
    assertThat(forced.text("/data/x")).isEqualTo("2");
    assertThat(api.apply(PATH, "one", config("{x: '1'}")).status()).isEqualTo(409);
  }

  @Test
  void theSameValueIsSharedWithoutConflict() {
    api.apply(PATH, "one", config("{x: '1'}"));
    assertThat(api.apply(PATH, "two", config("{x: '1'}")).status()).isEqualTo(200);
    api.apply(PATH, "one", config("{z: '1'}"));
    assertThat(api.get(PATH).text("/data/x")).isEqualTo("1");
  }

  @Test
  void whatAManagerNoLongerStatesIsRemoved() {
    api.apply(PATH, "one", config("{x: '1', y: '1'}"));
    api.patch(PATH, "application/merge-patch+json", "{\"data\":{\"z\":\"1\"}}");
    var pruned = api.apply(PATH, "one", config("{x: '1'}"));
    assertThat(pruned.body().at("/data").toString()).isEqualTo("{\"x\":\"1\",\"z\":\"1\"}");
  }

  @Test
  void anUpdateTakesOwnershipSoThatALaterApplyConflicts() {
    api.apply(PATH, "one", config("{x: '1'}"));
    api.patch(
        PATH + "?fieldManager=editor", "application/merge-patch+json", "{\"data\":{\"x\":\"2\"}}");
    assertThat(api.apply(PATH, "one", config("{x: '1'}")).text("/message"))
        .contains("conflict with \"editor\" using v1: .data.x");
  }

  @Test
  void listsMergeByTheirKeys() {
    String deployment = "/apis/apps/v1/namespaces/shop/deployments/web";
    var answer =
        api.apply(
            deployment,
            "sidecar",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {spec: {containers: [{name: proxy, image: 'proxy:1'}]}}}
            """);
    assertThat(answer.body().at("/spec/template/spec/containers").findValuesAsText("image"))
        .containsExactly("registry.example/shop/web:2.4", "proxy:1");
    var mine =
        api.apply(
            deployment,
            "other",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {spec: {containers: [{name: proxy, image: 'proxy:2'}]}}}
            """);
    assertThat(mine.text("/message"))
        .contains(".spec.template.spec.containers[name=\"proxy\"].image");
  }

  @Test
  void applyingTheSameAgainChangesNothing() {
    String version = api.apply(PATH, "one", config("{x: '1'}")).text("/metadata/resourceVersion");
    assertThat(api.apply(PATH, "one", config("{x: '1'}")).text("/metadata/resourceVersion"))
        .isEqualTo(version);
  }

  @Test
  void aManagerMustBeNamed() {
    var answer = api.patch(PATH, "application/apply-patch+yaml", config("{x: '1'}"));
    assertThat(answer.status()).isEqualTo(422);
  }
}
