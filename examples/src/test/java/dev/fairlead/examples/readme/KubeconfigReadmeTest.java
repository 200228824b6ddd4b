package dev.fairlead.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.kubeconfig.HubAccess;
import dev.fairlead.core.kubeconfig.Kubeconfig;
import dev.fairlead.core.kubeconfig.KubeconfigUser;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the page of core shows of kubeconfigs. */
class KubeconfigReadmeTest {

  static Kubeconfig forDownload(String caPem, Kubeconfig theirs) {
    HubAccess access =
        new HubAccess(
            "hub.example.com",
            Map.of(ClusterName.of("dev"), URI.create("https://hub.example.com/clusters/dev")),
            caPem,
            new KubeconfigUser.Exec(
                "fairlead",
                List.of("credential", "--hub", "https://hub.example.com"),
                "Get fairlead from https://portal.example.com/tools"));
    return theirs.with(access);
  }

  @Test
  void itIsAKubeconfig() {
    String pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assertThat(forDownload(pem, Kubeconfig.empty()).toYaml())
        .contains("current-context: dev", "installHint: \"Get fairlead from");
  }
}
