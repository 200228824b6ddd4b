package dev.fairlead.transport.grpc;

import dev.fairlead.core.tls.Pace;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;

/** What a hub's server runs on. */
interface Serving {

  /**
   * Begins a server.
   *
   * @param credentials the hub's
   * @param strangers told of connections, if they can be seen
   * @param pace to which its port is added, if it can be held
   */
  ServerBuilder<?> builder(ServerCredentials credentials, Strangers strangers, Pace pace);

  /** The server has ended. */
  default void stop() {}
}
