package dev.fairlead.transport.grpc;

import com.google.protobuf.ByteString;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.core.inner.InnerHubDoor;
import dev.fairlead.core.pipe.EndpointCalls;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.tls.HandshakeThreads;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The hub's side of agent.proto. gRPC's I/O threads only take calls in; the endpoint, which may
 * block, is called on other threads.
 */
final class AgentService implements AutoCloseable {

  private final OpenPipes pipes = new OpenPipes();
  private final CallThreads callbacks = new CallThreads("fairlead-grpc-hub");
  private final HubEndpoint hub;
  private final EndpointCalls endpoint;
  private final Strangers strangers;
  private final @Nullable InnerHubDoor inner;

  /** Behind a load balancer, agents show who they are within their pipes. */
  AgentService(
      HubEndpoint endpoint,
      boolean behindLoadBalancer,
      Strangers strangers,
      HandshakeThreads handshakes) {
    this.hub = endpoint;
    this.strangers = strangers;
    this.endpoint = new EndpointCalls("grpc", endpoint);
    this.inner = behindLoadBalancer ? new InnerHubDoor(endpoint, handshakes) : null;
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(AgentServiceGrpc.SERVICE_NAME)
        .addMethod(AgentServiceGrpc.getEnrolMethod(), ServerCalls.asyncUnaryCall(this::enrol))
        .addMethod(AgentServiceGrpc.getRenewMethod(), this::renew)
        .addMethod(Methods.TUNNEL, this::tunnel)
        .build();
  }

  private void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
    if (inner != null) {
      answer.onError(Statuses.of(innerOnly(), "").asRuntimeException());
      return;
    }
    endpoint.enrol(
        () -> InstallToken.parse(request.getToken()),
        request.getCsr().toByteArray(),
        new To<>(answer, chain -> EnrolResponse.newBuilder().addAllChain(encoded(chain)).build()));
  }

  private ServerCall.Listener<RenewRequest> renew(
      ServerCall<RenewRequest, RenewResponse> call, Metadata headers) {
    Peer peer;
    try {
      if (inner != null) {
        throw innerOnly();
      }
      peer = AgentPeers.of(call, hub.tls());
    } catch (FairleadException refusal) {
      return refuse(call, refusal);
    }
    return ServerCalls.<RenewRequest, RenewResponse>asyncUnaryCall(
            (request, answer) ->
                endpoint.renew(
                    peer,
                    request.getCsr().toByteArray(),
                    new To<>(
                        answer,
                        chain -> RenewResponse.newBuilder().addAllChain(encoded(chain)).build())))
        .startCall(call, headers);
  }

  /** Answers a call. */
  private record To<T>(StreamObserver<T> observer, Function<Enrolment, T> message)
      implements EndpointCalls.Answer {
    @Override
    public void certified(Enrolment enrolment) {
      observer.onNext(message.apply(enrolment));
      observer.onCompleted();
    }

    @Override
    public void refused(FairleadException refusal) {
      observer.onError(Statuses.of(refusal, "").asRuntimeException());
    }
  }

  private static InvalidException innerOnly() {
    return new InvalidException(
        "this hub is behind a load balancer (expected: the agent is told so, too, and enrols within"
            + " a pipe)");
  }

  private ServerCall.Listener<Frame> tunnel(ServerCall<Frame, Frame> call, Metadata headers) {
    Peer peer = null;
    if (inner == null) {
      try {
        peer = AgentPeers.of(call, hub.tls());
      } catch (FairleadException refusal) {
        return refuse(call, refusal);
      }
    }
    HubPipe pipe = new HubPipe(call, callbacks, pipes);
    if (!pipes.add(pipe)) {
      return refuse(call, new TransportException("the hub was closed"));
    }
    strangers.arrived(call);
    if (peer != null) {
      endpoint.accept(pipe, peer);
    } else if (inner != null) {
      inner.accept(pipe);
    }
    return pipe.events();
  }

  private static <T> ServerCall.Listener<T> refuse(
      ServerCall<T, ?> call, FairleadException refusal) {
    call.close(Statuses.of(refusal, ""), new Metadata());
    return new ServerCall.Listener<>() {};
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
    if (inner != null) {
      // First, so that agents learn why.
      inner.close();
    }
    if (pipes.close(new TransportException("the hub was closed"))) {
      callbacks.close();
      endpoint.close();
    }
  }
}
