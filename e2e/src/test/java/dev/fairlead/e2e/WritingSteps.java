package dev.fairlead.e2e;

import static dev.fairlead.e2e.Lane.manifest;
import static dev.fairlead.e2e.Step.failsHere;
import static dev.fairlead.e2e.Step.works;
import static dev.fairlead.e2e.Step.worksHere;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The life of some objects in a namespace. */
final class WritingSteps {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private WritingSteps() {}

  /** From nothing to a running deployment and a running pod. */
  static List<Step> begin() {
    return List.of(
        works("create namespace", Lane::createNamespace),
        worksHere("create", "-f", manifest("made.yaml")),
        failsHere("create", "-f", manifest("made.yaml")),
        worksHere("create", "configmap", "literal", "--from-literal=key=value", "-o", "yaml"),
        worksHere("apply", "-f", manifest("deployment.yaml")),
        works(
            "apply -f - from standard input",
            lane ->
                lane.here()
                    .command("apply", "-f", "-")
                    .stdin(Path.of(manifest("pod.yaml")))
                    .run(DEADLINE)),
        worksHere("wait", "--for=condition=Available", "deployment/web", "--timeout=60s"),
        worksHere("wait", "--for=condition=Ready", "pod/solo", "--timeout=60s"),
        worksHere("rollout", "status", "deployment/web", "--timeout=60s"),
        worksHere("apply", "-f", manifest("deployment.yaml")));
  }

  /** Reading what {@link #begin} made. */
  static List<Step> look() {
    return List.of(
        worksHere("get", "deployment", "web", "--output", "yaml"),
        worksHere("get", "deployment", "web", "-o", "yaml"),
        worksHere("get", "configmap,service,pod", "--output", "json"),
        worksHere("get", "pods", "--output", "wide", "--show-labels"),
        worksHere("get", "pods", "--selector", "app=solo", "--output", "name"),
        worksHere("get", "pods", "--field-selector", "metadata.name=solo"),
        worksHere("get", "pod", "solo", "--output", "jsonpath={.spec.containers[*].image}"),
        worksHere("describe", "deployment", "web"),
        worksHere("describe", "pods"),
        worksHere("describe", "configmap", "made"),
        worksHere("describe", "service", "web"),
        worksHere("rollout", "history", "deployment/web"),
        worksHere("logs", "solo"),
        worksHere("logs", "solo", "--tail=1", "--timestamps"),
        worksHere("logs", "--selector", "app=web", "--tail=1"),
        failsHere("logs", "nosuchpod"),
        failsHere("get", "configmap", "nosuchmap"));
  }

  /** Changing what {@link #begin} made, in every way there is. */
  static List<Step> change() {
    String[] redTwice = {
      "apply", "--server-side", "--field-manager=second", "-f", manifest("settings-red.yaml")
    };
    return List.of(
        worksHere(
            "apply", "--server-side", "--field-manager=first", "-f", manifest("settings.yaml")),
        failsHere(redTwice),
        works(
            "apply --server-side --force-conflicts",
            lane -> lane.here().with(redTwice).run("--force-conflicts")),
        worksHere("get", "configmap", "settings", "-o", "yaml", "--show-managed-fields"),
        worksHere(
            "patch",
            "deployment",
            "web",
            "--type=strategic",
            "--patch",
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}"),
        worksHere(
            "patch",
            "configmap",
            "settings",
            "--type=merge",
            "-p",
            "{\"data\":{\"merged\":\"1\"}}"),
        worksHere(
            "patch",
            "configmap",
            "settings",
            "--type=json",
            "-p",
            "[{\"op\":\"replace\",\"path\":\"/data/colour\",\"value\":\"green\"}]"),
        failsHere(
            "patch",
            "configmap",
            "settings",
            "--type=json",
            "-p",
            "[{\"op\":\"test\",\"path\":\"/data/colour\",\"value\":\"blue\"}]"),
        worksHere("get", "configmap", "settings", "--output", "yaml"),
        worksHere("label", "configmap", "settings", "stage=test", "owner=me"),
        failsHere("label", "configmap", "settings", "stage=prod"),
        worksHere("label", "configmap", "settings", "stage=prod", "owner-", "--overwrite"),
        worksHere("annotate", "configmap", "settings", "note=with a space"),
        works("edit", WritingSteps::edit),
        worksHere("get", "configmap", "settings", "--output", "json"),
        worksHere("scale", "deployment/web", "--replicas=3"),
        worksHere(
            "wait", "--for=jsonpath={.status.readyReplicas}=3", "deployment/web", "--timeout=60s"),
        worksHere("wait", "--for=condition=Available", "deployment/web", "--timeout=60s"),
        works("rollout status, its last line", WritingSteps::rollout),
        worksHere("get", "deployment", "web", "--output", "wide"));
  }

  /** Removing what {@link #begin} made. */
  static List<Step> end() {
    return List.of(
        worksHere("delete", "configmap", "settings"),
        worksHere("delete", "configmap", "made", "literal", "--wait=false"),
        failsHere("delete", "configmap", "made"),
        worksHere("delete", "configmap", "made", "--ignore-not-found"),
        worksHere("delete", "-f", manifest("deployment.yaml"), "--cascade=foreground"),
        worksHere("delete", "pods", "--all"),
        worksHere("wait", "--for=delete", "pod/solo", "--timeout=30s"),
        worksHere("get", "pods,deployments,services"));
  }

  private static Outcome edit(Lane lane) {
    return lane.here()
        .command("edit", "configmap", "settings")
        .env("KUBE_EDITOR", "sed -i s/green/yellow/")
        .run(DEADLINE);
  }

  /** How many steps a rollout shows before its last depends on when one looks. */
  static Outcome rollout(Lane lane) {
    Outcome all = lane.runHere("rollout", "status", "deployment/web", "--timeout=60s");
    String[] lines = all.stdout().split("\n", -1);
    String last = lines.length < 2 ? "" : lines[lines.length - 2];
    return new Outcome(all.command(), all.exitCode(), last, all.stderr(), all.took());
  }
}
