package dev.fairlead.transport.grpc;

import dev.fairlead.api.TransportException;
import dev.fairlead.core.pipe.OpenPipes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** The hub's end of a pipe. */
final class HubPipe extends GrpcPipe {

  private final ServerCall<Frame, Frame> call;

  // Guarded by sending().
  private boolean agentDone;
  private boolean callClosed;

  HubPipe(ServerCall<Frame, Frame> call, CallThreads threads, OpenPipes pipes) {
    super(threads, pipes);
    this.call = call;
    call.setOnReadyThreshold(Methods.READY_BYTES);
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

  /** Response headers tell the agent that it is accepted. */
  @Override
  void started() {
    sending().lock();
    try {
      if (callClosed) {
        return;
      }
      call.sendHeaders(new Metadata());
    } finally {
      sending().unlock();
    }
    call.request(AHEAD);
    connected();
  }

  @Override
  void sentEnd() {
    closeIfBothEnded();
  }

  @Override
  void deliveredEnd() {
    sending().lock();
    try {
      agentDone = true;
      closeIfBothEnded();
    } finally {
      sending().unlock();
    }
  }

  private void closeIfBothEnded() {
    if (agentDone && hasEnded()) {
      closeCall(Status.OK);
    }
  }

  @Override
  void breakOff(Throwable cause) {
    closeCall(Statuses.of(cause, "the hub broke the pipe"));
  }

  private void closeCall(Status status) {
    if (!callClosed) {
      callClosed = true;
      call.close(status, new Metadata());
    }
  }

  /** What gRPC tells of the call. */
  ServerCall.Listener<Frame> events() {
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(Frame frame) {
        received(frame);
      }

      @Override
      public void onHalfClose() {
        peerEnded();
      }

      @Override
      public void onReady() {
        ready();
      }

      @Override
      public void onComplete() {
        close(null);
      }

      @Override
      public void onCancel() {
        close(new TransportException("the agent broke the pipe, or the connection to it was lost"));
      }
    };
  }
}
