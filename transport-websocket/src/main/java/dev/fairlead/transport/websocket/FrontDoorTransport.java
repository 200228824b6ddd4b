package dev.fairlead.transport.websocket;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.core.door.DoorTransport;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.time.SystemTime;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The hub's end on a door of somebody else, whose certificate and whose clients' certificates are
 * that door's own matter: so agents come as if behind a load balancer.
 */
final class FrontDoorTransport implements DoorTransport {

  private final SystemTime time = new SystemTime();
  private final ReentrantLock lifecycle = new ReentrantLock();

  // Written under lifecycle.
  private volatile @Nullable HubPaths paths;
  private boolean closed;

  @Override
  public void start(HubEndpoint endpoint) {
    Objects.requireNonNull(endpoint, "endpoint");
    lifecycle.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the hub transport was closed before");
      }
      if (paths != null) {
        throw new IllegalStateException("the hub transport was started before");
      }
      paths = new HubPaths(endpoint, true, time);
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void serve(HttpStream stream, Http2Headers head, boolean end, Channel channel) {
    HubPaths present = paths;
    if (present == null) {
      HubPaths.refuse(stream, new TransportException("the hub is not started yet"));
    } else {
      present.serve(stream, head, end, channel);
    }
  }

  @Override
  public String address() {
    return "the front door";
  }

  @Override
  public void close() {
    HubPaths present;
    lifecycle.lock();
    try {
      closed = true;
      present = paths;
    } finally {
      lifecycle.unlock();
    }
    if (present != null) {
      present.close();
    }
    time.close();
  }
}
