package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ObjectsTest extends RunningCluster {

  @Test
  void createsReadsAndDeletes() {
    var created = api.post(CONFIG_MAPS, ApiClient.configMap("a", "{\"k\":\"v\"}"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/metadata/uid")).isNotEmpty();
    assertThat(created.text("/metadata/creationTimestamp")).endsWith("Z");

    assertThat(api.get(CONFIG_MAPS + "/a").text("/data/k")).isEqualTo("v");
    assertThat(api.delete(CONFIG_MAPS + "/a").text("/status")).isEqualTo("Success");
    var gone = api.get(CONFIG_MAPS + "/a");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.text("/message")).isEqualTo("configmaps \"a\" not found");
    assertThat(gone.text("/reason")).isEqualTo("NotFound");
  }

  @Test
  void aNameIsTakenOnce() {
    api.post(CONFIG_MAPS, ApiClient.configMap("a", "{}"));
    var again = api.post(CONFIG_MAPS, ApiClient.configMap("a", "{}"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("/reason")).isEqualTo("AlreadyExists");
  }

  @Test
  void generateNameAddsASuffix() {
    var created =
        api.post(CONFIG_MAPS, "{\"kind\":\"ConfigMap\",\"metadata\":{\"generateName\":\"x-\"}}");
    assertThat(created.text("/metadata/name")).matches("x-[a-z0-9]{5}");
  }

  @Test
  void anUpdateOfAStaleVersionIsAConflict() {
    var first = api.post(CONFIG_MAPS, ApiClient.configMap("a", "{}"));
    String version = first.text("/metadata/resourceVersion");
    String update =
        """
        {"metadata":{"name":"a","resourceVersion":"%s"},"data":{"k":"%s"}}""";
    assertThat(api.put(CONFIG_MAPS + "/a", update.formatted(version, "1")).status()).isEqualTo(200);
    var stale = api.put(CONFIG_MAPS + "/a", update.formatted(version, "2"));
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.text("/reason")).isEqualTo("Conflict");
    assertThat(api.get(CONFIG_MAPS + "/a").text("/data/k")).isEqualTo("1");
  }

  @Test
  void anInvalidObjectNamesEveryMistake() {
    var answer =
        api.post(
            "/apis/apps/v1/namespaces/default/deployments",
            "{\"metadata\":{\"name\":\"Bad Name\"},\"spec\":{}}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().at("/details/causes").findValuesAsText("field"))
        .contains("metadata.name", "spec.selector", "spec.template.spec.containers");
  }

  @Test
  void threeKindsOfPatchesMergeEachTheirOwnWay() {
    String pods = "/api/v1/namespaces/shop/pods/cart-0";
    var strategic =
        api.patch(
            pods,
            "application/strategic-merge-patch+json",
            "{\"spec\":{\"containers\":[{\"name\":\"cart\",\"image\":\"cart:2\"}]}}");
    assertThat(strategic.text("/spec/containers/0/image")).isEqualTo("cart:2");
    assertThat(strategic.text("/spec/containers/0/ports/0/containerPort")).isEqualTo("8080");

    var merge =
        api.patch(
            pods,
            "application/merge-patch+json",
            "{\"metadata\":{\"labels\":{\"app\":null,\"tier\":\"back\"}}}");
    assertThat(merge.body().at("/metadata/labels").toString()).isEqualTo("{\"tier\":\"back\"}");

    var json =
        api.patch(
            pods,
            "application/json-patch+json",
            "[{\"op\":\"test\",\"path\":\"/metadata/labels/tier\",\"value\":\"back\"},"
                + "{\"op\":\"replace\",\"path\":\"/metadata/labels/tier\",\"value\":\"front\"}]");
    assertThat(json.text("/metadata/labels/tier")).isEqualTo("front");
    assertThat(api.patch(pods, "text/plain", "{}").status()).isEqualTo(415);
  }

  @Test
  void dryRunChangesNothing() {
    assertThat(api.post(CONFIG_MAPS + "?dryRun=All", ApiClient.configMap("a", "{}")).status())
        .isEqualTo(201);
    assertThat(api.get(CONFIG_MAPS + "/a").status()).isEqualTo(404);
  }

  @Test
  void listsComeInConsistentChunks() {
    for (String name : new String[] {"a", "b", "c"}) {
      api.post(CONFIG_MAPS, ApiClient.configMap(name, "{}"));
    }
    var first = api.get(CONFIG_MAPS + "?limit=2");
    assertThat(first.body().at("/items").findValuesAsText("name")).containsExactly("a", "b");
    api.delete(CONFIG_MAPS + "/c");
    var rest = api.get(CONFIG_MAPS + "?limit=2&continue=" + first.text("/metadata/continue"));
    assertThat(rest.body().at("/items").findValuesAsText("name")).containsExactly("c");
    assertThat(rest.text("/metadata/resourceVersion"))
        .isEqualTo(first.text("/metadata/resourceVersion"));
    assertThat(api.get(CONFIG_MAPS + "?continue=nonsense").status()).isEqualTo(400);
  }

  @Test
  void selectorsChoose() {
    String pods = "/api/v1/pods";
    assertThat(api.get(pods + "?labelSelector=app%20in%20(web)").body().at("/items")).hasSize(2);
    assertThat(api.get(pods + "?labelSelector=app!=web,app").body().at("/items")).hasSize(2);
    assertThat(
            api.get(pods + "?fieldSelector=metadata.name=cart-0,metadata.namespace=shop")
                .body()
                .at("/items"))
        .hasSize(1);
    assertThat(api.get(pods + "?fieldSelector=spec.color=red").text("/message"))
        .contains("field label not supported: spec.color");
    assertThat(api.get(pods + "?labelSelector=a%20b").status()).isEqualTo(400);
  }

  @Test
  void aDeploymentGetsItsPodsAndLosesThem() {
    String deployments = "/apis/apps/v1/namespaces/shop/deployments";
    var scaled =
        api.patch(
            deployments + "/web/scale",
            "application/merge-patch+json",
            "{\"spec\":{\"replicas\":5}}");
    assertThat(scaled.text("/kind")).isEqualTo("Scale");
    assertThat(api.get(deployments + "/web").text("/status/readyReplicas")).isEqualTo("5");
    String web = "/api/v1/namespaces/shop/pods?labelSelector=app=web";
    String pod = api.get(web).text("/items/0/metadata/name");
    api.delete("/api/v1/namespaces/shop/pods/" + pod);
    assertThat(api.get(web).body().at("/items")).hasSize(5);
    api.delete(deployments + "/web");
    assertThat(api.get(web).body().at("/items")).isEmpty();
  }

  @Test
  void aNamespaceTakesItsContentsAlong() {
    assertThat(api.delete("/api/v1/namespaces/shop").status()).isEqualTo(200);
    assertThat(api.get("/api/v1/namespaces/shop").status()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/shop/pods").body().at("/items")).isEmpty();
    assertThat(
            api.post("/api/v1/namespaces/shop/configmaps", ApiClient.configMap("a", "{}")).status())
        .isEqualTo(404);
    assertThat(api.delete("/api/v1/namespaces/kube-system").status()).isEqualTo(403);
  }

  @Test
  void finalizersHoldAnObjectUntilTheyAreGone() {
    api.post(
        CONFIG_MAPS, "{\"metadata\":{\"name\":\"held\",\"finalizers\":[\"example.com/hold\"]}}");
    assertThat(api.delete(CONFIG_MAPS + "/held").text("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(api.get(CONFIG_MAPS + "/held").status()).isEqualTo(200);
    api.patch(
        CONFIG_MAPS + "/held",
        "application/merge-patch+json",
        "{\"metadata\":{\"finalizers\":null}}");
    assertThat(api.get(CONFIG_MAPS + "/held").status()).isEqualTo(404);
  }

  @Test
  void protobufBodiesAreRead() {
    byte[] metadata = message(1, "from-go");
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    object.writeBytes(field(1, metadata));
    object.writeBytes(field(2, concat(message(1, "k"), message(2, "v"))));
    byte[] type = concat(message(1, "v1"), message(2, "ConfigMap"));
    byte[] body =
        concat(
            new byte[] {'k', '8', 's', 0}, concat(field(1, type), field(2, object.toByteArray())));
    var created =
        api.send(
            api.to(CONFIG_MAPS)
                .header("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(created.status()).isEqualTo(201);
    assertThat(api.get(CONFIG_MAPS + "/from-go").text("/data/k")).isEqualTo("v");
  }

  @Test
  void aTruncatedProtobufBodyIsABadRequest() {
    var answer =
        api.send(
            api.to(CONFIG_MAPS)
                .header("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        new byte[] {'k', '8', 's', 0, 0x0a, 100, 1})));
    assertThat(answer.status()).isEqualTo(400);
  }

  private static byte[] message(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] field(int number, byte[] value) {
    return concat(new byte[] {(byte) (number << 3 | 2), (byte) value.length}, value);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }
}
