package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.ChannelPipe.Signal;
import dev.fairlead.core.pipe.EndpointCalls;
import dev.fairlead.core.pipe.OpenPipes;
import dev.fairlead.core.tls.AgentTls;
import dev.fairlead.core.tls.HandshakeThreads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent that arrives at the hub: for a tunnel or for a certificate, as ALPN tells. */
final class InnerArrival extends InnerChannel implements ChannelPipe.Carrier {

  private static final Logger log = LoggerFactory.getLogger(InnerArrival.class);

  private final HubEndpoint endpoint;
  private final EndpointCalls calls;
  private final HandshakeThreads handshakes;
  private final OpenPipes pipes;
  private final ByteArrayOutputStream request = new ByteArrayOutputStream();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable SslHandler secured;
  private @Nullable ChannelPipe pipe;

  InnerArrival(
      Pipe bare,
      SslHandler tls,
      HubEndpoint endpoint,
      EndpointCalls calls,
      HandshakeThreads handshakes,
      OpenPipes pipes) {
    super(bare, tls, false);
    this.handshakes = handshakes;
    this.endpoint = endpoint;
    this.calls = calls;
    this.pipes = pipes;
  }

  @Override
  void secured(ChannelHandlerContext context, SslHandler handler) {
    ctx = context;
    secured = handler;
    String protocol = String.valueOf(handler.applicationProtocol());
    if (protocol.equals(InnerProtocols.TUNNEL)) {
      tunnel(context, handler);
    } else if (!protocol.equals(InnerProtocols.CERTIFICATE)) {
      refuse(new InvalidException("inner TLS: no ALPN protocol (expected: one of Fairlead's)"));
    }
  }

  private void whoever(
      SslHandler handler, Consumer<Peer> known, Consumer<FairleadException> refused) {
    AgentTls.peer(handshakes, handler.engine().getSession(), endpoint.tls(), known, refused);
  }

  private void tunnel(ChannelHandlerContext context, SslHandler handler) {
    try {
      ChannelPipe next = new ChannelPipe(context.channel().eventLoop(), pipes, this);
      if (!pipes.add(next)) {
        throw new TransportException("the hub was closed");
      }
      pipe = next;
      whoever(handler, peer -> calls.accept(next, peer), next::abort);
    } catch (FairleadException refusal) {
      refuse(refusal);
    }
  }

  // From the pipe.

  @Override
  public void started() {
    onLoop(
        () -> {
          ChannelHandlerContext present = ctx;
          ChannelPipe next = pipe;
          if (present == null || next == null || !present.channel().isActive()) {
            return;
          }
          done();
          present.writeAndFlush(new InnerEncoder.Open());
          present.pipeline().replace(this, null, next);
        });
  }

  @Override
  public void abandoned(Throwable cause) {
    refuse(cause);
  }

  private void refuse(Throwable why) {
    onLoop(
        () -> {
          ChannelHandlerContext present = ctx;
          done();
          if (present != null) {
            present.writeAndFlush(new Signal.Broken(why));
          }
        });
  }

  private void onLoop(Runnable task) {
    ChannelHandlerContext present = ctx;
    if (present == null) {
      return;
    }
    try {
      present.channel().eventLoop().execute(task);
    } catch (RejectedExecutionException stopped) {
      log.debug("the event loop is stopped, and the agent is gone with it");
    }
  }

  @Override
  void failed(FairleadException why) {
    ChannelPipe present = pipe;
    if (present != null) {
      present.failed(why);
    } else {
      log.debug("inner TLS: an agent came to nothing: {}", why.getMessage());
    }
  }

  // From the agent, before anything is opened.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf data) {
      byte[] bytes = ByteBufUtil.getBytes(data);
      data.release();
      if (pipe != null || request.size() + bytes.length > InnerProtocols.MOST_BODY) {
        fail(new InvalidException("inner TLS: the agent spoke too soon or too much"));
        return;
      }
      request.writeBytes(bytes);
    } else if (message instanceof Signal.End && pipe == null) {
      certificate(request.toByteArray());
    } else if (message instanceof Signal.Broken broken
        && broken.cause() instanceof FairleadException why) {
      fail(why);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void certificate(byte[] body) {
    int line = 0;
    while (line < body.length && body[line] != '\n') {
      line++;
    }
    String token = new String(body, 0, line, StandardCharsets.UTF_8);
    byte[] csr = Arrays.copyOfRange(body, Math.min(line + 1, body.length), body.length);
    SslHandler handler = secured;
    try {
      if (!token.isEmpty()) {
        calls.enrol(() -> InstallToken.parse(token), csr, new ToAgent());
      } else if (handler != null) {
        ToAgent answer = new ToAgent();
        whoever(handler, peer -> calls.renew(peer, csr, answer), answer::refused);
      }
    } catch (FairleadException refusal) {
      refuse(refusal);
    }
  }

  private final class ToAgent implements EndpointCalls.Answer {
    @Override
    public void certified(Enrolment enrolment) {
      byte[] pem = PemChain.encode(enrolment);
      onLoop(
          () -> {
            ChannelHandlerContext present = ctx;
            if (present != null) {
              done();
              present.write(Unpooled.wrappedBuffer(pem));
              present.writeAndFlush(ChannelPipe.END).addListener(sent -> present.close());
            }
          });
    }

    @Override
    public void refused(FairleadException refusal) {
      refuse(refusal);
    }
  }
}
