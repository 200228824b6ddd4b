package dev.fairlead.transport.websocket;

import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.core.http.Http1ServerConnection;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.OpenPipes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * An agent's request for a pipe, from its head to the 101, which is sent once the hub has accepted
 * the agent and started the pipe; a refusal is an answer like any other.
 */
final class Upgrade implements HttpStream.Listener, ChannelPipe.Carrier {

  private final HttpStream stream;
  private final Http2Headers answer;
  private final Channel channel;
  private final Time time;
  private final ChannelPipe pipe;

  Upgrade(HttpStream stream, Http2Headers answer, Channel channel, OpenPipes pipes, Time time) {
    this.stream = stream;
    this.answer = answer;
    this.channel = channel;
    this.time = time;
    this.pipe = new ChannelPipe(channel.eventLoop(), pipes, this);
  }

  ChannelPipe pipe() {
    return pipe;
  }

  // From the pipe.

  @Override
  public void started() {
    channel.eventLoop().execute(this::switchProtocols);
  }

  private void switchProtocols() {
    boolean switched =
        Http1ServerConnection.handOver(
            stream, answer, PipeFrames.decoder(true), PipeFrames.hub(time), pipe);
    if (!switched) {
      pipe.failed(new TransportException("the agent is gone"));
    }
  }

  @Override
  public void abandoned(Throwable cause) {
    HubPaths.answer(stream, Problem.status(cause), Paths.PROBLEM, Problem.body(cause), false);
  }

  // From the stream.

  @Override
  public void onHead(Http2Headers head, boolean end) {
    // Was seen before.
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    data.release();
    // Before the 101 there is nobody to send to.
    stream.reset(Reset.PROTOCOL);
    pipe.failed(new TransportException("the agent spoke before the hub had answered"));
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    // An upgrade has none.
  }

  @Override
  public void onReset(Reset reason) {
    pipe.failed(new TransportException("the agent is gone"));
  }

  @Override
  public void onSent(int bytes) {
    // An answer is short.
  }
}
