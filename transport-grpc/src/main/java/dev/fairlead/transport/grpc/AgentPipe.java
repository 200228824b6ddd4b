package dev.fairlead.transport.grpc;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.pipe.OpenPipes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;

/** The agent's end of a pipe, with a connection of its own. */
final class AgentPipe extends GrpcPipe {

  private final String hub;
  private final ManagedChannel channel;
  private final Runnable disconnected;
  private final ClientCall<Frame, Frame> call;

  AgentPipe(
      String hub,
      ManagedChannel channel,
      CallThreads threads,
      OpenPipes pipes,
      Runnable disconnected) {
    super(threads, pipes);
    this.disconnected = disconnected;
    this.hub = hub;
    this.channel = channel;
    this.call =
        channel.newCall(
            Methods.TUNNEL, CallOptions.DEFAULT.withOnReadyThreshold(Methods.READY_BYTES));
  }

  void dial() {
    call.start(new Events(), new Metadata());
    call.request(AHEAD);
  }

  @Override
  boolean callIsReady() {
    return call.isReady();
  }

  @Override
  void send(Frame frame) {
    call.sendMessage(frame);
  }

  @Override
  void requestMessages(int count) {
    call.request(count);
  }

  @Override
  void started() {}

  @Override
  void sentEnd() {
    call.halfClose();
  }

  @Override
  void deliveredEnd() {}

  @Override
  void breakOff(Throwable cause) {
    call.cancel("the agent broke the pipe", null);
    channel.shutdownNow();
  }

  private final class Events extends ClientCall.Listener<Frame> {

    /** The hub's headers say that it accepted this agent. */
    @Override
    public void onHeaders(Metadata headers) {
      connected();
    }

    @Override
    public void onMessage(Frame frame) {
      received(frame);
    }

    @Override
    public void onReady() {
      ready();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      channel.shutdownNow();
      disconnected.run();
      if (!status.isOk()) {
        close(Statuses.toFailure(hub, status));
      } else if (hasEnded() && hasPeerEnded()) {
        close(null);
      } else {
        close(
            new TransportException(
                hub + ": the hub closed the pipe before both directions had ended"));
      }
    }
  }
}
