package dev.fairlead.transport.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.transport.grpc.proto.AgentServiceGrpc;
import dev.fairlead.transport.grpc.proto.EnrolRequest;
import dev.fairlead.transport.grpc.proto.EnrolResponse;
import dev.fairlead.transport.grpc.proto.RenewRequest;
import dev.fairlead.transport.grpc.proto.RenewResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's side of agent.proto. gRPC's I/O threads only take calls in; the endpoint, which may
 * block, is called on threads of this object's own, tunnels apart from enrolments, so that
 * strangers who enrol cannot hold up agents.
 */
final class AgentService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AgentService.class);

  private static final int ENROL_THREADS = 8;
  private static final int ENROL_QUEUE = 56;
  private static final int ACCEPT_THREADS = 16;
  private static final int ACCEPT_QUEUE = 16_384;
  private static final int CLOSE_SECONDS = 10;

  private final HubEndpoint endpoint;
  private final OpenPipes pipes = new OpenPipes();
  private final CallThreads callbacks = new CallThreads("fairlead-grpc-hub");
  private final ThreadPoolExecutor enrolments =
      DaemonThreads.blocking("fairlead-grpc-enrol", ENROL_THREADS, ENROL_QUEUE);
  private final ThreadPoolExecutor accepts =
      DaemonThreads.blocking("fairlead-grpc-accept", ACCEPT_THREADS, ACCEPT_QUEUE);

  AgentService(HubEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(AgentServiceGrpc.SERVICE_NAME)
        .addMethod(AgentServiceGrpc.getEnrolMethod(), ServerCalls.asyncUnaryCall(this::enrol))
        .addMethod(AgentServiceGrpc.getRenewMethod(), this::renew)
        .addMethod(Methods.TUNNEL, this::tunnel)
        .build();
  }

  private void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
    answer(
        enrolments,
        answer,
        () -> {
          InstallToken token = InstallToken.parse(request.getToken());
          Enrolment enrolment = endpoint.enrol(token, request.getCsr().toByteArray());
          return EnrolResponse.newBuilder().addAllChain(encoded(enrolment)).build();
        });
  }

  private ServerCall.Listener<RenewRequest> renew(
      ServerCall<RenewRequest, RenewResponse> call, Metadata headers) {
    Peer peer;
    try {
      peer = AgentPeers.of(call);
    } catch (FairleadException refusal) {
      return refuse(call, refusal);
    }
    return ServerCalls.<RenewRequest, RenewResponse>asyncUnaryCall(
            (request, answer) ->
                answer(
                    accepts,
                    answer,
                    () -> {
                      Enrolment next = endpoint.renew(peer, request.getCsr().toByteArray());
                      return RenewResponse.newBuilder().addAllChain(encoded(next)).build();
                    }))
        .startCall(call, headers);
  }

  private static <T> void answer(
      ThreadPoolExecutor threads, StreamObserver<T> to, Supplier<T> work) {
    try {
      threads.execute(
          () -> {
            T answer;
            try {
              answer = work.get();
            } catch (FairleadException refusal) {
              to.onError(Statuses.of(refusal, "").asRuntimeException());
              return;
            } catch (RuntimeException unexpected) {
              LOG.error("the hub failed to certify an agent", unexpected);
              to.onError(
                  Statuses.of(unexpected, "the hub failed to certify the agent")
                      .asRuntimeException());
              return;
            }
            to.onNext(answer);
            to.onCompleted();
          });
    } catch (RejectedExecutionException full) {
      to.onError(Statuses.of(rejected(threads, full), "").asRuntimeException());
    }
  }

  private ServerCall.Listener<Frame> tunnel(ServerCall<Frame, Frame> call, Metadata headers) {
    Peer peer;
    try {
      peer = AgentPeers.of(call);
    } catch (FairleadException refusal) {
      return refuse(call, refusal);
    }
    HubPipe pipe = new HubPipe(call, callbacks, pipes);
    if (!pipes.add(pipe)) {
      return refuse(call, new TransportException("the hub was closed"));
    }
    try {
      accepts.execute(() -> accept(pipe, peer));
    } catch (RejectedExecutionException full) {
      pipe.abort(rejected(accepts, full));
    }
    return pipe.events();
  }

  private void accept(HubPipe pipe, Peer peer) {
    try {
      endpoint.accept(pipe, peer);
    } catch (FairleadException refusal) {
      pipe.abort(refusal);
    } catch (RuntimeException unexpected) {
      if (!pipes.isClosed()) {
        LOG.error("the hub failed to accept a pipe", unexpected);
      }
      pipe.abort(unexpected);
    }
  }

  private static <T> ServerCall.Listener<T> refuse(
      ServerCall<T, ?> call, FairleadException refusal) {
    call.close(Statuses.of(refusal, ""), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static FairleadException rejected(
      ThreadPoolExecutor threads, RejectedExecutionException full) {
    return threads.isShutdown()
        ? new TransportException("the hub was closed", full)
        : new LimitException("too many agents at once (expected: again later)", full);
  }

  private static List<ByteString> encoded(Enrolment enrolment) {
    List<ByteString> chain = new ArrayList<>();
    for (X509Certificate certificate : enrolment.chain()) {
      try {
        chain.add(ByteString.copyFrom(certificate.getEncoded()));
      } catch (CertificateEncodingException broken) {
        throw new IllegalStateException("the hub issued a certificate without encoding", broken);
      }
    }
    return chain;
  }

  /**
   * Closes all pipes, and waits for what the endpoint still does; an interrupt tells it to stop.
   */
  @Override
  public void close() {
    if (pipes.close(new TransportException("the hub was closed"))) {
      callbacks.close();
      enrolments.shutdownNow();
      accepts.shutdownNow();
      await(enrolments);
      await(accepts);
    }
  }

  private static void await(ThreadPoolExecutor threads) {
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the hub still serves a call {} s after its transport was closed", CLOSE_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
