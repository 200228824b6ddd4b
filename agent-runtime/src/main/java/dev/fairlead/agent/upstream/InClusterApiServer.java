package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.TlsMaterial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** The API server of the cluster around this process, as a pod sees it. */
final class InClusterApiServer extends ApiServer {

  private final Path serviceAccount;
  private final UnaryOperator<String> environment;

  InClusterApiServer(Path serviceAccount, UnaryOperator<String> environment) {
    this.serviceAccount = serviceAccount;
    this.environment = environment;
  }

  @Override
  ApiAccess load() {
    String host = environment.apply("KUBERNETES_SERVICE_HOST");
    String port = environment.apply("KUBERNETES_SERVICE_PORT");
    if (host == null || port == null) {
      throw new InvalidException(
          "in-cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set (expected:"
              + " this process runs in a pod; elsewhere give it a kubeconfig)");
    }
    byte[] ca = read("ca.crt");
    TlsMaterial tls = new TlsMaterial(List.of(), List.of(Authorities.trusting(ca, "ca.crt")));
    String address = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    String token = new String(read("token"), java.nio.charset.StandardCharsets.UTF_8).strip();
    return new ApiAccess(URI.create(address), tls, Arrays.hashCode(ca), null, token);
  }

  private byte[] read(String name) {
    Path file = serviceAccount.resolve(name);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidException(
          "in-cluster: "
              + file
              + " cannot be read (expected: a pod with a service account whose token is mounted)",
          e);
    }
  }

  @Override
  public String toString() {
    return "ApiServer[in-cluster]";
  }
}
