package dev.fairlead.transport.grpc;

import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;

/** What a hub's server runs on. */
interface Serving {

  /**
   * Begins a server.
   *
   * @param credentials the hub's
   * @param strangers told of connections, if they can be seen
   */
  ServerBuilder<?> builder(ServerCredentials credentials, Strangers strangers);

  /** The server has ended. */
  default void stop() {}
}
