package dev.fairlead.examples;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.authentication.ClientCertificates;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.Pem;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a hub that takes what Kubernetes itself takes: certificates, service accounts. */
final class KubernetesIdentityOptions {

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = "takes client certificates of these authorities, in PEM: CN the user, O groups")
  private @Nullable Path authorities;

  @Option(
      names = "--client-prefix",
      paramLabel = "TEXT",
      description = "put before the users and groups of client certificates")
  private String prefix = "";

  @Option(
      names = "--service-accounts",
      paramLabel = "CLUSTER=AUDIENCE",
      split = ",",
      description =
          "takes tokens of a cluster's service accounts that are for this audience, which no other"
              + " cluster uses; repeatable")
  private Map<String, String> serviceAccounts = new LinkedHashMap<>();

  private @Nullable ClientCertificates certificates;

  void check(Mistakes mistakes) {
    Path file = authorities;
    if (file != null) {
      certificates =
          mistakes
              .read(
                  "--client-ca",
                  () -> ClientCertificates.issuedBy(Pem.certificates(file)).prefixedBy(prefix))
              .orElse(null);
    } else if (!prefix.isEmpty()) {
      mistakes.add("--client-ca: missing (expected: beside --client-prefix)");
    }
    Set<String> audiences = new HashSet<>();
    serviceAccounts.forEach(
        (cluster, audience) -> {
          if (!ClusterName.isValid(cluster) || audience.isBlank() || !audiences.add(audience)) {
            mistakes.add(
                "--service-accounts: '"
                    + cluster
                    + "="
                    + audience
                    + "' (expected: CLUSTER=AUDIENCE, each audience once)");
          }
        });
  }

  void addTo(HubBuilder hub) {
    if (certificates != null) {
      hub.authenticator(certificates);
    }
    serviceAccounts.forEach(
        (cluster, audience) -> hub.serviceAccounts(ClusterName.of(cluster), audience));
  }
}
