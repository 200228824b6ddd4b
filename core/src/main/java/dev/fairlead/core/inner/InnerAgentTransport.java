package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.EventLoops;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.pipe.SharesEventLoops;
import dev.fairlead.core.tls.AgentTls;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An agent's end behind a load balancer that ends TLS: the transport below brings pipes to the hub
 * whose outer TLS is the load balancer's, and within each the agent speaks TLS with the hub itself.
 * Enrolment and renewal go the same way, so that no install token is seen on it.
 */
public final class InnerAgentTransport implements AgentTransport, SharesEventLoops {

  private static final int ANSWER_SECONDS = 30;

  private final AgentTransport outer;
  private final LoadBalancer balancer;
  private final String host;
  private final int port;
  private final OpenPipes pipes = new OpenPipes();
  private final Set<CompletableFuture<Enrolment>> requests = ConcurrentHashMap.newKeySet();
  private final EventLoopGroup own =
      new DefaultEventLoopGroup(1, new DefaultThreadFactory("fairlead-inner-agent", true));
  private volatile EventLoopGroup loops = own;

  /**
   * Speaks TLS within another transport's pipes.
   *
   * @param outer brings the pipes; this transport closes it
   * @param balancer whose certificate the outer TLS shows
   * @param host the hub's name, which its own certificate must have
   * @param port the port that is dialled
   */
  public InnerAgentTransport(AgentTransport outer, LoadBalancer balancer, String host, int port) {
    this.outer = Objects.requireNonNull(outer, "outer");
    this.balancer = Objects.requireNonNull(balancer, "balancer");
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  @Override
  public void runOn(EventLoopGroup given) {
    loops = given;
    if (outer instanceof SharesEventLoops sharing) {
      sharing.runOn(given);
    }
  }

  @Override
  public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
    return certified(tls, token, csr);
  }

  @Override
  public Enrolment renew(TlsMaterial tls, byte[] csr) {
    return certified(tls, null, csr);
  }

  private Enrolment certified(TlsMaterial tls, @Nullable InstallToken token, byte[] csr) {
    SslHandler handler = handler(tls, InnerProtocols.CERTIFICATE);
    CompletableFuture<Enrolment> answer = new CompletableFuture<>();
    requests.add(answer);
    InnerCertificateRequest request =
        new InnerCertificateRequest(outer.dial(balancer.tls()), handler, token, csr, answer);
    try {
      request.start(loops.next());
      if (pipes.isClosed()) {
        answer.completeExceptionally(gone());
      }
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FairleadException failure) {
        throw failure;
      }
      throw new TransportException(hub() + ": no certificate: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new TransportException(
          hub() + ": no answer within " + ANSWER_SECONDS + " s (expected: the hub's)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(hub() + ": interrupted before the hub answered", e);
    } finally {
      requests.remove(answer);
      request.close();
    }
  }

  @Override
  public Pipe dial(TlsMaterial tls) {
    SslHandler handler = handler(tls, InnerProtocols.TUNNEL);
    EventLoop loop = loops.next();
    InnerDial[] dial = new InnerDial[1];
    ChannelPipe pipe =
        new ChannelPipe(
            loop,
            pipes,
            new ChannelPipe.Carrier() {
              @Override
              public void started() {
                // It is dialled already.
              }

              @Override
              public void abandoned(Throwable cause) {
                InnerDial present = dial[0];
                if (present != null) {
                  present.close();
                }
              }
            });
    InnerDial dialled = new InnerDial(outer.dial(balancer.tls()), handler, pipe);
    dial[0] = dialled;
    if (!pipes.add(pipe)) {
      throw closed();
    }
    dialled.start(loop);
    return pipe;
  }

  private SslHandler handler(TlsMaterial tls, String protocol) {
    Objects.requireNonNull(tls, "tls");
    if (pipes.isClosed()) {
      throw closed();
    }
    return AgentTls.handler(
        AgentTls.client(tls, protocol), PooledByteBufAllocator.DEFAULT, host, port);
  }

  private String hub() {
    return host + ":" + port;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the agent transport is closed");
  }

  private TransportException gone() {
    return new TransportException(hub() + ": the agent's transport was closed");
  }

  @Override
  public void close() {
    if (pipes.close(gone())) {
      requests.forEach(request -> request.completeExceptionally(gone()));
      outer.close();
      EventLoops.stop(own);
    }
  }
}
