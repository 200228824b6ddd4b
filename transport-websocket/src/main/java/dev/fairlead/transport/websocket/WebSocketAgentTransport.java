package dev.fairlead.transport.websocket;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.pipe.SharesEventLoops;
import dev.fairlead.core.time.SystemTime;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An agent's end: a connection for each pipe, enrolment and renewal. */
final class WebSocketAgentTransport implements AgentTransport, SharesEventLoops {

  private final Connector connector;
  private final Time time;
  private final @Nullable SystemTime ownedTime;
  private final SecureRandom random = new SecureRandom();
  private final OpenPipes pipes = new OpenPipes();
  private final Set<CertificateRequest> requests = ConcurrentHashMap.newKeySet();
  private final Object starting = new Object();

  // Under starting.
  private @Nullable EventLoopGroup lent;
  private @Nullable Loops loops;

  WebSocketAgentTransport(Connector connector, @Nullable Time time) {
    this.connector = connector;
    this.ownedTime = time == null ? new SystemTime() : null;
    this.time = time == null ? Objects.requireNonNull(ownedTime) : time;
  }

  @Override
  public void runOn(EventLoopGroup given) {
    synchronized (starting) {
      lent = given;
    }
  }

  /** There are none before the first connection, and no new ones after the close. */
  private Loops loops() {
    synchronized (starting) {
      if (pipes.isClosed()) {
        throw closed();
      }
      Loops present = loops == null ? Loops.of(lent, "fairlead-websocket-agent", 1) : loops;
      loops = present;
      return present;
    }
  }

  @Override
  public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
    Objects.requireNonNull(token, "token");
    return certified(tls, token, csr);
  }

  @Override
  public Enrolment renew(TlsMaterial tls, byte[] csr) {
    return certified(tls, null, csr);
  }

  private Enrolment certified(TlsMaterial tls, @Nullable InstallToken token, byte[] csr) {
    Objects.requireNonNull(tls, "tls");
    Loops on = loops();
    CertificateRequest request = new CertificateRequest(connector, token, csr, time);
    requests.add(request);
    Channel channel = connector.connect(on.sockets(), on.next(), tls, request).channel();
    on.add(channel);
    try {
      if (pipes.isClosed()) {
        request.fail(gone());
      }
      return request.enrolment().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FairleadException failure) {
        throw failure;
      }
      throw new TransportException(connector.hub() + ": no certificate: " + e.getCause(), e);
    } catch (CancellationException e) {
      throw new TransportException(connector.hub() + ": no certificate", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(connector.hub() + ": interrupted before the hub answered", e);
    } finally {
      requests.remove(request);
      channel.close();
    }
  }

  @Override
  public Pipe dial(TlsMaterial tls) {
    Objects.requireNonNull(tls, "tls");
    Loops on = loops();
    EventLoop loop = on.next();
    Dialled dialled = new Dialled();
    ChannelPipe pipe = new ChannelPipe(loop, pipes, dialled);
    if (!pipes.add(pipe)) {
      throw closed();
    }
    Channel channel =
        connector
            .connect(on.sockets(), loop, tls, new PipeRequest(connector, pipe, random, time))
            .channel();
    on.add(channel);
    dialled.channel = channel;
    return pipe;
  }

  /** A connection on its way to be a pipe. */
  private static final class Dialled implements ChannelPipe.Carrier {
    private volatile @Nullable Channel channel;

    @Override
    public void started() {
      // It is dialled already.
    }

    @Override
    public void abandoned(Throwable cause) {
      Channel present = channel;
      if (present != null) {
        present.close();
      }
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the agent transport is closed");
  }

  private TransportException gone() {
    return new TransportException(connector.hub() + ": the agent's transport was closed");
  }

  @Override
  public void close() {
    if (pipes.close(gone())) {
      requests.forEach(request -> request.fail(gone()));
      Loops present;
      synchronized (starting) {
        present = loops;
      }
      if (present != null) {
        present.close();
      }
      if (ownedTime != null) {
        ownedTime.close();
      }
    }
  }
}
