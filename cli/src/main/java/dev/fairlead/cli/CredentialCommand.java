package dev.fairlead.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Kubernetes' credential plugin ({@code client.authentication.k8s.io}, KEP-541). It never asks
 * anybody anything, whether or not {@code interactive} permits it: of many kubectls at once, each
 * would ask.
 */
@Command(
    name = "credential",
    mixinStandardHelpOptions = true,
    description = "Gives kubectl your token. kubectl calls this; a kubeconfig names it.")
final class CredentialCommand implements Callable<Integer> {

  private static final String VARIABLE = "KUBERNETES_EXEC_INFO";
  private static final String KIND = "ExecCredential";
  private static final String GROUP = "client.authentication.k8s.io/";
  private static final Set<String> VERSIONS = Set.of(GROUP + "v1", GROUP + "v1beta1");

  private final Surroundings here;

  @Mixin private HubOption hub;

  CredentialCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    String version = version();
    HubAddress at = hub.resolve(here, here.sessions());
    here.out().println(credential(version, here.renewal().fresh(at).tokens()));
    return 0;
  }

  /** The version kubectl speaks. */
  private String version() {
    Optional<String> info = here.variable(VARIABLE);
    if (info.isEmpty()) {
      throw new Refusal(
          VARIABLE
              + ": not set (expected: kubectl calls this command, by a kubeconfig that"
              + " 'fairlead kubeconfig' has made)");
    }
    Map<String, @Nullable Object> asked = Json.object(info.get()).orElse(Map.of());
    String version = Json.text(asked, "apiVersion").orElse("none");
    if (!KIND.equals(asked.get("kind")) || !VERSIONS.contains(version)) {
      throw new Refusal(
          VARIABLE
              + ": an "
              + Answer.printable(Json.text(asked, "kind").orElse("unknown object"))
              + " of "
              + Answer.printable(version)
              + " (expected: an ExecCredential of "
              + GROUP
              + "v1 or v1beta1; set it in the kubeconfig's exec.apiVersion)");
    }
    return version;
  }

  /** Kubectl asks again from the moment on when the token would be renewed. */
  private String credential(String version, Tokens tokens) {
    Map<String, Object> status = new LinkedHashMap<>();
    Instant now = here.clock().instant();
    Instant until = tokens.isDue(now) ? tokens.expiresAt() : tokens.renewAt();
    if (until != null) {
      status.put("expirationTimestamp", until.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    status.put("token", tokens.access());
    Map<String, Object> credential = new LinkedHashMap<>();
    credential.put("kind", KIND);
    credential.put("apiVersion", version);
    credential.put("status", status);
    return Json.write(credential);
  }
}
