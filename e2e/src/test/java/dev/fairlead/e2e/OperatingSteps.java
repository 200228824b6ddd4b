package dev.fairlead.e2e;

import static dev.fairlead.e2e.Lane.manifest;
import static dev.fairlead.e2e.Step.failsHere;
import static dev.fairlead.e2e.Step.works;
import static dev.fairlead.e2e.Step.worksHere;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What administrators do to a running namespace, its pods and its nodes. */
final class OperatingSteps {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern PROXY = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

  private OperatingSteps() {}

  /** Looking, in more ways. */
  static List<Step> look() {
    return List.of(
        worksHere("get", "configmaps", "--chunk-size=1"),
        worksHere("explain", "pods.spec", "--recursive"),
        worksHere("get", "configmap", "made", "--output", "custom-columns=A:.metadata.name"),
        worksHere("get", "deployments", "--output", "go-template={{range .items}}{{.kind}}{{end}}"),
        worksHere("events", "--for", "pod/solo"),
        failsHere("top", "pods"),
        works("get --raw, with the prefix of the server's path", OperatingSteps::raw),
        works("--as bob --as-group dev get configmaps", OperatingSteps::asBob),
        works("proxy --append-server-path", OperatingSteps::proxy));
  }

  /** Changing, in more ways. */
  static List<Step> change() {
    return List.of(
        failsHere("diff", "-f", manifest("settings-red.yaml")),
        worksHere("replace", "--force", "-f", manifest("settings.yaml")),
        worksHere("create", "configmap", "dry", "--dry-run=server", "-o", "yaml"),
        worksHere("set", "image", "deployment/web", "web=example.com/web:2"),
        works("rollout status of the new image", WritingSteps::rollout),
        worksHere("rollout", "undo", "deployment/web"),
        works("rollout status of the old image", WritingSteps::rollout),
        failsHere("rollout", "undo", "deployment/web", "--to-revision=99"),
        worksHere("rollout", "pause", "deployment/web"),
        worksHere("rollout", "resume", "deployment/web"),
        worksHere("autoscale", "deployment/web", "--min=1", "--max=3", "--cpu-percent=80"),
        worksHere("expose", "deployment", "web", "--name=exposed", "--cluster-ip=None"),
        worksHere("create", "token", "default", "--duration=10m"),
        worksHere(
            "debug",
            "solo",
            "--image=example.com/debug:1",
            "--container=debugger",
            "--attach=false"),
        worksHere("get", "pod", "solo", "-o", "jsonpath={.spec.ephemeralContainers[*].name}"),
        works("certificate approve", OperatingSteps::approve),
        works("drain", OperatingSteps::drain));
  }

  private static Outcome raw(Lane lane) {
    String prefix = lane.isDirect() ? "" : "/clusters/real";
    return lane.run("get", "--raw", prefix + "/api/v1/namespaces/default");
  }

  private static Outcome asBob(Lane lane) {
    // The direct lane impersonates already.
    Kubectl kubectl = lane.isDirect() ? lane.kubectl().plain() : lane.kubectl();
    return kubectl.run("--as", "bob", "--as-group", "dev", "get", "configmaps", "-n", "default");
  }

  private static Outcome proxy(Lane lane) {
    try (Running proxying = lane.kubectl().start("proxy", "--append-server-path", "--port=0")) {
      String output = proxying.awaitStdout(text -> PROXY.matcher(text).find(), SOON);
      Matcher address = PROXY.matcher(output);
      if (!address.find()) {
        throw new AssertionError("expected: an address, found: " + output);
      }
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://" + address.group() + "/api/v1/namespaces/default"))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(SOON)
              .build();
      String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      Outcome ended = proxying.interrupt();
      return new Outcome(ended.command(), 0, body, ended.stderr(), ended.took());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Outcome approve(Lane lane) {
    String name = lane.namespace();
    create(lane, "signing-request.yaml");
    Outcome approved = lane.run("certificate", "approve", name).succeeded();
    Outcome shown = lane.run("get", "csr", name, "-o", "jsonpath={.status.conditions[*].type}");
    lane.run("delete", "csr", name).succeeded();
    return StreamSteps.joined(approved, shown);
  }

  private static Outcome drain(Lane lane) {
    String node = lane.namespace();
    create(lane, "node.yaml");
    String pod = "{\"spec\":{\"nodeName\":\"" + node + "\",\"terminationGracePeriodSeconds\":0}}";
    lane.runHere("run", "drained", "--image=example.com/drained:1", "--overrides=" + pod)
        .succeeded();
    lane.runHere("wait", "--for=condition=Ready", "pod/drained", "--timeout=60s").succeeded();
    Outcome drained = lane.run("drain", node, "--force", "--ignore-daemonsets").succeeded();
    Outcome again = lane.run("uncordon", node).succeeded();
    lane.run("delete", "node", node).succeeded();
    return StreamSteps.joined(drained, again);
  }

  /** Makes what belongs to the whole cluster, named after the lane. */
  private static void create(Lane lane, String manifest) {
    try {
      Path file = lane.files().resolve(manifest);
      String text = Files.readString(Path.of(manifest(manifest)));
      Files.writeString(file, text.replace("NAME", lane.namespace()));
      lane.run("create", "-f", file.toString()).succeeded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
