package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.TlsMaterial;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent's API server is and how the agent proves itself to it. Nothing is read before the
 * agent starts; what may change (files, tokens, what exec plugins say) is read again every minute,
 * and when the API server does not accept it. Immutable; nothing secret is in {@code toString}.
 */
public abstract sealed class ApiServer
    permits KubeconfigApiServer, InClusterApiServer, FixedApiServer {

  ApiServer() {}

  /**
   * The API server of a kubeconfig's current context.
   *
   * @param file the kubeconfig
   * @return the API server
   */
  public static ApiServer kubeconfig(Path file) {
    return kubeconfig(file, null);
  }

  /**
   * The API server of a kubeconfig's context.
   *
   * @param file the kubeconfig
   * @param context the context's name; null means the current one
   * @return the API server
   */
  public static ApiServer kubeconfig(Path file, @Nullable String context) {
    return kubeconfig(List.of(file), context);
  }

  /**
   * The API server of a context of several kubeconfigs that are merged, as of the environment
   * variable {@code KUBECONFIG}: the first file that names something wins.
   *
   * @param files one or more kubeconfigs; those that do not exist are passed over, but one must
   * @param context the context's name; null means the current one
   * @return the API server
   * @throws InvalidException if there is no file
   */
  public static ApiServer kubeconfig(List<Path> files, @Nullable String context) {
    if (files.isEmpty()) {
      throw new InvalidException("kubeconfig: no file (expected: 1 or more)");
    }
    return new KubeconfigApiServer(new KubeconfigSource.Files(List.copyOf(files)), context);
  }

  /**
   * The API server of a context of a kubeconfig's text. Relative paths in it are relative to the
   * working directory.
   *
   * @param content the kubeconfig in YAML or JSON
   * @param context the context's name; null means the current one
   * @return the API server
   */
  public static ApiServer kubeconfig(String content, @Nullable String context) {
    return new KubeconfigApiServer(
        new KubeconfigSource.Text(Objects.requireNonNull(content, "content")), context);
  }

  /**
   * The API server of a context of a kubeconfig that is in memory. Relative paths in it are
   * relative to the working directory.
   *
   * @param content the kubeconfig in YAML or JSON, in UTF-8
   * @param context the context's name; null means the current one
   * @return the API server
   */
  public static ApiServer kubeconfig(byte[] content, @Nullable String context) {
    return kubeconfig(new String(content, StandardCharsets.UTF_8), context);
  }

  /**
   * The API server of the cluster that this process runs in, with its pod's service account.
   *
   * @return the API server
   */
  public static ApiServer inCluster() {
    return new InClusterApiServer(
        Path.of("/var/run/secrets/kubernetes.io/serviceaccount"), System::getenv);
  }

  /**
   * An API server at an address, where the agent proves itself with a client certificate.
   *
   * @param address an {@code https} address, possibly with a path before that of each request
   * @param tls the agent's key, and whom it trusts
   * @return the API server
   * @throws InvalidException if the address is not {@code https} or has no host
   */
  public static ApiServer at(URI address, TlsMaterial tls) {
    return new FixedApiServer(address, tls, null);
  }

  /**
   * An API server at an address, where the agent proves itself with a bearer token.
   *
   * @param address an {@code https} address, possibly with a path before that of each request
   * @param tls whom the agent trusts, and perhaps a key
   * @param bearerToken gives the token; asked again every minute, may block
   * @return the API server
   * @throws InvalidException if the address is not {@code https} or has no host
   */
  public static ApiServer at(URI address, TlsMaterial tls, Supplier<String> bearerToken) {
    return new FixedApiServer(address, tls, Objects.requireNonNull(bearerToken, "bearerToken"));
  }

  /**
   * Reads everything anew. Blocks.
   *
   * @throws InvalidException if something is missing or not what it has to be
   */
  abstract ApiAccess load();
}
