package dev.fairlead.cli;

import dev.fairlead.api.ClusterName;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cluster somebody may use.
 *
 * @param name its name
 * @param status {@code connected}, {@code degraded} or {@code offline}
 * @param version the version of its API server, or empty
 * @param byPath its address with a path prefix
 * @param byHost its address as a host of its own, if the hub has such addresses
 */
record ListedCluster(
    ClusterName name, String status, String version, URI byPath, Optional<URI> byHost) {

  /** Reads one entry of the hub's list; what is no cluster's name is left out. */
  static Optional<ListedCluster> read(Map<String, @Nullable Object> object, HubAddress hub) {
    return Json.text(object, "name")
        .filter(ClusterName::isValid)
        .map(
            name ->
                new ListedCluster(
                    ClusterName.of(name),
                    Answer.printable(Json.text(object, "status").orElse("unknown"))
                        .toLowerCase(Locale.ROOT),
                    Answer.printable(Json.text(object, "kubernetesVersion").orElse("")),
                    hub.at("/clusters/" + name),
                    Json.text(object, "host")
                        .filter(host -> host.matches("[a-z0-9.-]{1,253}"))
                        .map(host -> URI.create("https://" + host + port(hub)))));
  }

  private static String port(HubAddress hub) {
    return hub.uri().getPort() < 0 ? "" : ":" + hub.uri().getPort();
  }
}
