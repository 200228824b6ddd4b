package dev.fairlead.core.inner;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.EndpointCalls;
import dev.fairlead.core.pipe.EventLoops;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.tls.AgentTls;
import dev.fairlead.core.tls.HandshakeThreads;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

/**
 * The hub's end behind a load balancer that ends TLS: takes pipes from anybody, and within each
 * speaks TLS with the agent itself, which has to show its certificate there. Safe for use by any
 * thread.
 */
public final class InnerHubDoor implements AutoCloseable {

  private static final int LOOPS = 2;

  private final HubEndpoint endpoint;
  private final SslContext tls;
  private final EndpointCalls calls;
  private final OpenPipes pipes = new OpenPipes();
  private final HandshakeThreads handshakes;
  private final EventLoopGroup loops =
      new DefaultEventLoopGroup(LOOPS, new DefaultThreadFactory("fairlead-inner-hub", true));

  /**
   * Leads to a hub.
   *
   * @param endpoint the hub
   * @param handshakes where handshakes are done; ended by their owner, after this
   */
  public InnerHubDoor(HubEndpoint endpoint, HandshakeThreads handshakes) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    this.tls = AgentTls.server(endpoint.tls(), InnerProtocols.TUNNEL, InnerProtocols.CERTIFICATE);
    this.handshakes = handshakes;
    this.calls = new EndpointCalls("inner", endpoint);
  }

  /**
   * Takes a pipe whose other end is not known yet.
   *
   * @param bare a pipe that was not started
   */
  public void accept(Pipe bare) {
    if (pipes.isClosed()) {
      bare.abort(new TransportException("the hub was closed"));
      return;
    }
    // Where the outer pipe's bytes come from, if that is a loop of ours and not of gRPC's own
    // Netty.
    EventLoop loop = bare instanceof ChannelPipe outer ? outer.loop() : loops.next();
    InnerArrival arrival =
        new InnerArrival(
            bare,
            AgentTls.handler(tls, PooledByteBufAllocator.DEFAULT, handshakes),
            endpoint,
            calls,
            handshakes,
            pipes);
    try {
      loop.execute(() -> begin(arrival, loop, bare));
    } catch (RejectedExecutionException stopped) {
      bare.abort(new TransportException("the hub was closed", stopped));
    }
  }

  private static void begin(InnerArrival arrival, EventLoop loop, Pipe bare) {
    try {
      arrival.start(loop);
    } catch (RuntimeException gone) {
      bare.abort(gone);
    }
  }

  /** Closes all pipes, and waits for what the endpoint still does. */
  @Override
  public void close() {
    if (pipes.close(new TransportException("the hub was closed"))) {
      calls.close();
      EventLoops.stop(loops);
    }
  }
}
