package dev.fairlead.api.store;

/**
 * All a hub has to remember. Opened by the hub's start, closed by its close.
 *
 * <p>Operations block, may be called by any thread, and are durable (as far as the store is) and
 * visible to every other caller when they return. An operation that fails throws an unchecked
 * exception and changes nothing. Stores that are not open throw {@link IllegalStateException} from
 * every operation. The views may be fetched at any time and stay the same.
 */
public interface Stores extends AutoCloseable {

  /**
   * Opens what has to be opened; does nothing if the stores are open. What was closed may be opened
   * again, and then holds what it held.
   *
   * @throws dev.fairlead.api.InvalidException if what is there cannot be used
   */
  void open();

  /**
   * The clusters of the fleet.
   *
   * @return the store
   */
  ClusterStore clusters();

  /**
   * The install tokens.
   *
   * @return the store
   */
  InstallTokenStore installTokens();

  /**
   * The enrolled agents.
   *
   * @return the store
   */
  AgentStore agents();

  /**
   * The API keys that the hub issued.
   *
   * @return the store
   */
  ApiKeyStore apiKeys();

  /**
   * The users whom the hub itself knows.
   *
   * @return the store
   */
  UserStore users();

  /**
   * The users' sessions.
   *
   * @return the store
   */
  SessionStore sessions();

  /**
   * The keys with which the hub signs tokens.
   *
   * @return the store
   */
  SigningKeyStore signingKeys();

  /**
   * Who may do what.
   *
   * @return the store
   */
  RoleStore roles();

  /** Releases what the stores own. May be called at any time and more than once. */
  @Override
  void close();
}
