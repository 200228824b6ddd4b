package dev.fairlead.benchmarks.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to the upstream: direct, or through a hub and an agent.
 *
 * @param name as in tables
 * @param port of the server that clients speak to
 * @param prefix before each path
 * @param token to be sent along
 * @param hub the hub's process; null on the direct way
 * @param agent the agent's; null on the direct way and where it is the hub's
 */
public record Way(
    String name,
    int port,
    String prefix,
    String token,
    @Nullable NodeProcess hub,
    @Nullable NodeProcess agent) {

  /** What everything is compared with. */
  public static final String DIRECT = "direct";

  /** Whether there is nothing between client and upstream. */
  public boolean isDirect() {
    return hub == null;
  }

  /** A path's address on this way. */
  public String url(String path) {
    return "https://localhost:" + port + prefix + path;
  }

  /** The processes on it that are under measurement, the hub's first. */
  public List<NodeProcess> processes() {
    if (hub == null) {
      return List.of();
    }
    return agent == null ? List.of(hub) : List.of(hub, agent);
  }
}
