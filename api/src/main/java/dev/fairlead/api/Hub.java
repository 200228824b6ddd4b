package dev.fairlead.api;

/**
 * The side users talk to: it accepts agents' tunnels, knows the fleet, and authenticates,
 * authorises, audits and routes requests. Safe for use by any thread.
 *
 * <p>A hub is built, started once and closed once. {@link #start()} is the first call that touches
 * the world. {@link #close()} may come at any time, also before or during {@code start()}, from any
 * thread and more than once.
 */
public interface Hub extends AutoCloseable {

  /**
   * Opens the stores, makes or loads the certificate authority and begins to accept agents. Blocks
   * until agents can dial.
   *
   * @throws InvalidException if a store or the certificate authority cannot be used; nothing stays
   *     open
   * @throws TransportException if a transport cannot listen; nothing stays open
   * @throws IllegalStateException if the hub was started or closed before
   */
  void start();

  /**
   * The clusters of this hub.
   *
   * @return the fleet
   */
  Fleet fleet();

  /**
   * One cluster of the fleet, in short.
   *
   * @param name its name
   * @return the cluster
   * @throws InvalidException if {@code name} is no cluster name
   * @throws NotFoundException if the fleet has no such cluster
   */
  default Cluster cluster(String name) {
    return fleet().get(ClusterName.of(name));
  }

  /**
   * Drains tunnels for the configured time, closes them, and stops every thread and socket the hub
   * owns.
   */
  @Override
  void close();
}
