package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.door.AgentPaths;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.inner.InnerHubDoor;
import dev.fairlead.core.pipe.EndpointCalls;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.tls.AgentTls;
import dev.fairlead.core.tls.HandshakeThreads;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The hub's side of {@link Paths}, on whatever door. */
final class HubPaths implements AgentPaths, AutoCloseable {

  private final HubEndpoint endpoint;
  private final EndpointCalls calls;
  private final OpenPipes pipes = new OpenPipes();
  private final HandshakeThreads handshakes = new HandshakeThreads("fairlead-websocket-tls");
  private final Time time;
  private final @Nullable InnerHubDoor inner;

  /** Behind a load balancer, agents show who they are within their pipes. */
  HubPaths(HubEndpoint endpoint, boolean behindLoadBalancer, Time time) {
    this.inner = behindLoadBalancer ? new InnerHubDoor(endpoint, handshakes) : null;
    this.endpoint = endpoint;
    this.calls = new EndpointCalls("websocket", endpoint);
    this.time = time;
  }

  HandshakeThreads handshakes() {
    return handshakes;
  }

  @Override
  public void serve(HttpStream stream, Http2Headers head, boolean end, Channel channel) {
    String path = String.valueOf(head.path());
    String method = String.valueOf(head.method());
    String expected = path.equals(Paths.TUNNEL) ? "GET" : "POST";
    try {
      if (!method.equals(expected)) {
        throw new InvalidException("method: not " + expected + " (expected: " + expected + ")");
      }
      if (inner != null && (path.equals(Paths.ENROL) || path.equals(Paths.RENEW))) {
        throw new InvalidException(
            "this hub is behind a load balancer (expected: the agent is told so, too, and enrols"
                + " within a pipe)");
      }
      switch (path) {
        case Paths.TUNNEL -> tunnel(stream, head, channel);
        case Paths.RENEW -> {
          ToAgent answer = new ToAgent(stream);
          Body.collect(
              stream,
              head,
              end,
              csr -> whoever(channel, peer -> calls.renew(peer, csr, answer), answer::refused));
        }
        case Paths.ENROL -> {
          String token = bearer(head);
          Body.collect(
              stream,
              head,
              end,
              csr -> calls.enrol(() -> InstallToken.parse(token), csr, new ToAgent(stream)));
        }
        default -> notFound(stream);
      }
    } catch (FairleadException refusal) {
      refuse(stream, refusal);
    }
  }

  private void whoever(Channel channel, Consumer<Peer> known, Consumer<FairleadException> refused) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    SSLSession session = tls == null ? null : tls.engine().getSession();
    AgentTls.peer(handshakes, session, endpoint.tls(), known, refused);
  }

  private static String bearer(Http2Headers head) {
    String field = Heads.get(head, "authorization");
    if (field == null || !field.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new UnauthenticatedException("install token: none (expected: Authorization: Bearer …)");
    }
    return field.substring(7).strip();
  }

  private void tunnel(HttpStream stream, Http2Headers head, Channel channel) {
    Handshake handshake = Handshake.of(head);
    Upgrade upgrade = new Upgrade(stream, handshake.answer(), channel, pipes, time);
    if (!pipes.add(upgrade.pipe())) {
      throw new TransportException("the hub was closed");
    }
    stream.listen(upgrade);
    if (inner == null) {
      Pipe pipe = upgrade.pipe();
      whoever(channel, peer -> calls.accept(pipe, peer), pipe::abort);
    } else {
      inner.accept(upgrade.pipe());
    }
  }

  static void notFound(HttpStream stream) {
    answer(
        stream,
        404,
        Paths.PROBLEM,
        Problem.body(404, "no such path (expected: enrol, renew or tunnel below " + PREFIX + ")"),
        true);
  }

  /** Answers a request with its refusal; a stream that has a listener stays with it. */
  static void refuse(HttpStream stream, Throwable refusal) {
    answer(stream, Problem.status(refusal), Paths.PROBLEM, Problem.body(refusal), true);
  }

  static void answer(
      HttpStream stream, int status, String type, byte[] body, boolean withoutListener) {
    Http2Headers head =
        Heads.create()
            .status(Integer.toString(status))
            .set("content-type", type)
            .set("cache-control", "no-store")
            .set("content-length", Integer.toString(body.length));
    if (status == 401) {
      head.set("www-authenticate", "Bearer");
    }
    if (withoutListener) {
      stream.listen(new Body.Dropped());
    }
    stream.sendHead(head, false);
    stream.sendData(Unpooled.wrappedBuffer(body), true);
  }

  private record ToAgent(HttpStream stream) implements EndpointCalls.Answer {
    @Override
    public void certified(Enrolment enrolment) {
      answer(stream, 200, Paths.PEM_CHAIN, Chains.encode(enrolment), false);
    }

    @Override
    public void refused(FairleadException refusal) {
      answer(stream, Problem.status(refusal), Paths.PROBLEM, Problem.body(refusal), false);
    }
  }

  /** Closes all pipes, and waits for what the endpoint still does. */
  @Override
  public void close() {
    if (inner != null) {
      // First, so that agents learn why.
      inner.close();
    }
    if (pipes.close(new TransportException("the hub was closed"))) {
      calls.close();
      handshakes.close();
    }
  }
}
