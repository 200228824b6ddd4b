package dev.fairlead.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** Several kubectls through hub and agent, with nothing between the two. */
class KubectlIT extends KubectlComparison {

  private final Compatibility page = Compatibility.section("kubectl");

  @Override
  String name() {
    return "k";
  }

  @Override
  Site start(ControlPlane cluster, String name) {
    return Site.start("kubectl", Site.ROLES, Map.of("real", cluster));
  }

  /** Those that changed what the others do; with {@code -Dfairlead.kubectls=all}, all. */
  @Override
  List<Path> binaries() {
    return "all".equals(System.getProperty("fairlead.kubectls"))
        ? Tools.allKubectls()
        : List.of(Tools.oldestKubectl(), Tools.kubectl("1.31"), Tools.newestKubectl());
  }

  @Override
  boolean movesMuch(Path binary) {
    return binary.equals(Tools.newestKubectl());
  }

  @Override
  void compare(Step step, Lane direct, Lane hub) throws Exception {
    String version = Kubectl.nameOf(hub.kubectl().binary()).replace("kubectl.", "");
    page.fails(step.title(), version);
    super.compare(step, direct, hub);
    if (step.succeeds()) {
      page.same(step.title(), version);
    } else {
      page.sameError(step.title(), version);
    }
  }

  @AfterAll
  void pageSaysTheSame() {
    page.check();
  }
}
