package dev.fairlead.api.transport;

/**
 * The hub's end of a transport: it listens for agents. Safe for use by any thread. Started once and
 * closed once; {@link #close} may come at any time and more than once.
 */
public interface HubTransport extends AutoCloseable {

  /**
   * Begins to listen. Blocks until agents can dial.
   *
   * @param endpoint where pipes and enrolments go
   * @throws dev.fairlead.api.TransportException if it cannot listen, with the address and what to
   *     do
   * @throws IllegalStateException if it was started or closed before
   */
  void start(HubEndpoint endpoint);

  /**
   * Where agents dial to, for people to read.
   *
   * @return such as {@code 127.0.0.1:8300}, with the real port once started
   */
  String address();

  /** Stops listening and closes all pipes; returns when no callback will come any more. */
  @Override
  void close();
}
