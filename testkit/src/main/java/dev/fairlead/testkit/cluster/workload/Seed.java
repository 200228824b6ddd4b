package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.List;

/** What is in the cluster before anybody uses it. */
public final class Seed {
  /** The Kubernetes version the cluster claims. */
  public static final String VERSION = "v1.33.0";

  static final String NODE_NAME = "demo-node";
  static final String NODE_IP = "10.0.0.2";

  private final ObjectStore store;
  private final Defaults defaults;

  public Seed(ObjectStore store, Defaults defaults) {
    this.store = store;
    this.defaults = defaults;
  }

  /** Creates namespaces, a node, and workloads in {@code kube-system} and {@code shop}. */
  public void plant() {
    for (String name : List.of("default", "kube-system", "kube-node-lease", "shop")) {
      create(Kinds.NAMESPACE, Trees.object(), name, "");
    }
    create(Kinds.NODE, node(), NODE_NAME, "");
    ObjectNode lease = Trees.object();
    ObjectNode leaseSpec = lease.putObject("spec").put("holderIdentity", NODE_NAME);
    leaseSpec.put("leaseDurationSeconds", 40).put("renewTime", microTime());
    create(Kinds.LEASE, lease, NODE_NAME, "kube-node-lease");
    create(Kinds.SERVICE, service("kubernetes", 443, 6443), "kubernetes", "default");
    ObjectNode token = Trees.object().put("type", "Opaque");
    token.putObject("data").put("key", "ZGVtbw==");
    create(Kinds.SECRET, token, "cluster-key", "kube-system");
    create(
        Kinds.DEPLOYMENT,
        deployment("coredns", "registry.example/coredns:1.12", 1, 53),
        "coredns",
        "kube-system");
    create(
        Kinds.DEPLOYMENT,
        deployment("web", "registry.example/shop/web:2.4", 2, 8080),
        "web",
        "shop");
    create(Kinds.SERVICE, service("web", 80, 8080), "web", "shop");
    ObjectNode settings = Trees.object();
    settings.putObject("data").put("currency", "EUR").put("greeting", "Welcome to the shop");
    create(Kinds.CONFIG_MAP, settings, "settings", "shop");
    ObjectNode pod = Trees.object();
    ObjectNode container = pod.putObject("spec").putArray("containers").addObject();
    container.put("name", "cart").put("image", "registry.example/shop/cart:1.9");
    container.putArray("ports").addObject().put("containerPort", 8080);
    create(Kinds.POD, labelled(pod, "cart"), "cart-0", "shop");
  }

  private void create(Kind kind, ObjectNode object, String name, String namespace) {
    ObjectNode full = Trees.object().put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    full.setAll(object);
    ObjectNode metadata = Trees.child(full, "metadata");
    metadata.put("name", name);
    if (kind.namespaced()) {
      metadata.put("namespace", namespace);
    }
    if (kind.equals(Kinds.DEPLOYMENT)) {
      metadata.put("generation", 1);
    }
    defaults.complete(kind, full, null);
    store.create(kind, full);
  }

  private String microTime() {
    return store.now().replace("Z", ".000000Z");
  }

  private static ObjectNode labelled(ObjectNode object, String app) {
    Trees.child(Trees.child(object, "metadata"), "labels").put("app", app);
    return object;
  }

  private static ObjectNode service(String app, int port, int target) {
    ObjectNode service = labelled(Trees.object(), app);
    ObjectNode spec = service.putObject("spec");
    spec.putObject("selector").put("app", app);
    spec.putArray("ports")
        .addObject()
        .put("name", port == 443 ? "https" : "http")
        .put("port", port)
        .put("targetPort", target);
    return service;
  }

  private static ObjectNode deployment(String app, String image, int replicas, int port) {
    ObjectNode deployment = labelled(Trees.object(), app);
    ObjectNode spec = deployment.putObject("spec");
    spec.put("replicas", replicas);
    spec.putObject("selector").putObject("matchLabels").put("app", app);
    ObjectNode template = labelled(spec.putObject("template"), app);
    ObjectNode container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", app).put("image", image);
    container.putArray("ports").addObject().put("containerPort", port);
    return deployment;
  }

  private ObjectNode node() {
    ObjectNode node = Trees.object();
    ObjectNode labels = node.putObject("metadata").putObject("labels");
    labels.put("kubernetes.io/hostname", NODE_NAME).put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64").put("node-role.kubernetes.io/control-plane", "");
    node.putObject("spec").put("podCIDR", "10.244.0.0/24");
    ObjectNode status = node.putObject("status");
    for (String resources : List.of("capacity", "allocatable")) {
      ObjectNode amounts = status.putObject(resources);
      amounts.put("cpu", "4").put("memory", "8Gi").put("pods", "200");
      amounts.put("ephemeral-storage", "64Gi");
    }
    ArrayNode addresses = status.putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", NODE_IP);
    addresses.addObject().put("type", "Hostname").put("address", NODE_NAME);
    ArrayNode conditions = status.putArray("conditions");
    conditions
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "KubeletReady")
        .put("message", "the demo node is posting ready status")
        .put("lastHeartbeatTime", store.now())
        .put("lastTransitionTime", store.now());
    ObjectNode info = status.putObject("nodeInfo");
    info.put("kubeletVersion", VERSION).put("osImage", "Java").put("operatingSystem", "linux");
    info.put("architecture", "amd64").put("containerRuntimeVersion", "demo://1.0");
    info.put("kernelVersion", "0.0.0").put("machineID", "demo").put("systemUUID", "demo");
    info.put("bootID", "demo").put("kubeProxyVersion", "");
    return node;
  }
}
