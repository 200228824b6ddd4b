package dev.fairlead.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Several kubectls through hub and agent, with nothing between the two. */
class KubectlIT extends KubectlComparison {

  @Override
  String name() {
    return "k";
  }

  @Override
  Site start(ControlPlane cluster, String name) {
    return Site.start("kubectl", Site.ROLES, Map.of("real", cluster));
  }

  @Override
  List<Path> binaries() {
    return Tools.kubectls();
  }
}
