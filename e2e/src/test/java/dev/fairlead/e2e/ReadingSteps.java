package dev.fairlead.e2e;

import static dev.fairlead.e2e.Step.fails;
import static dev.fairlead.e2e.Step.works;

import java.util.List;

/** Commands that change nothing, about the whole cluster. */
final class ReadingSteps {

  private ReadingSteps() {}

  static List<Step> all(boolean knowsWhoami) {
    String[] whoami = {"auth", "whoami"};
    String[] whoamiYaml = {"auth", "whoami", "--output", "yaml"};
    return List.of(
        works("version"),
        works("version", "--output", "yaml"),
        works("api-resources"),
        works("api-resources", "--output", "wide", "--sort-by", "name"),
        works("api-versions"),
        works("get", "pods,services,deployments,configmaps,serviceaccounts", "-A"),
        works("get", "all", "-A", "--output", "wide"),
        works("get", "clusterroles", "--chunk-size", "10"),
        works("get", "nodes", "--output", "yaml"),
        works("get", "namespaces", "--output", "json"),
        works("describe", "node", "node-1"),
        works("explain", "deployments.spec.strategy"),
        fails("get", "nosuchthings"),
        fails("get", "node", "nosuchnode"),
        // A kubectl older than the API's first stable version asks for a beta the server dropped.
        knowsWhoami ? works(whoami) : fails(whoami),
        knowsWhoami ? works(whoamiYaml) : fails(whoamiYaml),
        works("auth", "can-i", "create", "deployments"),
        works("auth", "can-i", "*", "*"),
        works("auth", "can-i", "--list"));
  }
}
