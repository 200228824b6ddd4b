package dev.fairlead.core.inner;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.pipe.ChannelPipe;
import dev.fairlead.core.pipe.ChannelPipe.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An agent's enrolment, with a token, or renewal, without. */
final class InnerCertificateRequest extends InnerChannel {

  private final @Nullable InstallToken token;
  private final byte[] csr;
  private final CompletableFuture<Enrolment> answer;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  InnerCertificateRequest(
      Pipe bare,
      SslHandler tls,
      @Nullable InstallToken token,
      byte[] csr,
      CompletableFuture<Enrolment> answer) {
    super(bare, tls, true);
    this.token = token;
    this.csr = csr.clone();
    this.answer = answer;
  }

  @Override
  void secured(ChannelHandlerContext ctx, SslHandler handler) {
    String line = (token == null ? "" : token.reveal()) + "\n";
    ctx.write(Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8), csr));
    ctx.writeAndFlush(ChannelPipe.END);
  }

  @Override
  void failed(FairleadException why) {
    answer.completeExceptionally(why);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf data && body.size() <= InnerProtocols.MOST_BODY) {
      body.writeBytes(ByteBufUtil.getBytes(data));
      data.release();
    } else if (message instanceof Signal.End) {
      try {
        answer.complete(PemChain.decode(body.toByteArray()));
      } catch (TransportException unusable) {
        answer.completeExceptionally(unusable);
      }
      done();
      close();
    } else if (message instanceof Signal.Broken broken
        && broken.cause() instanceof FairleadException why) {
      fail(why);
    } else {
      ReferenceCountUtil.release(message);
    }
  }
}
