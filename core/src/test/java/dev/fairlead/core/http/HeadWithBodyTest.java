package dev.fairlead.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.time.SystemTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the head of a response leaves. */
class HeadWithBodyTest {

  private final SystemTime time = new SystemTime();
  private final Answer answer = new Answer();
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel server = new EmbeddedChannel();
  private @Nullable HttpStream response;

  @BeforeEach
  void open() {
    Http2Link link = Http2Link.client(LinkSettings.UPSTREAM, time, new Unheard());
    client.pipeline().addLast(link);
    server
        .pipeline()
        .addLast(
            Http2Link.server(
                LinkSettings.UPSTREAM,
                time,
                new Unheard(),
                (stream, head, end) -> {
                  stream.listen(new Answer());
                  response = stream;
                }));
    exchange();
    link.open(
        new DefaultHttp2Headers().method("GET").scheme("https").authority("a").path("/"),
        true,
        answer);
    exchange();
  }

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
    time.close();
  }

  @Test
  void headOfABodyOfKnownLengthLeavesWithTheBody() {
    response().sendHead(ok().set("content-length", "5"), false);
    exchange();
    assertThat(answer.seen).isEmpty();
    response().sendData(Unpooled.wrappedBuffer(new byte[5]), true);
    assertThat(exchange()).isEqualTo(1);
    assertThat(answer.seen).containsExactly("head", "data");
  }

  @Test
  void headOfAStreamThatMayBeSilentLeavesAtOnce() {
    response().sendHead(ok(), false);
    exchange();
    assertThat(answer.seen).containsExactly("head");
  }

  @Test
  void headWithoutBodyLeavesAtOnce() {
    response().sendHead(ok().set("content-length", "5"), true);
    exchange();
    assertThat(answer.seen).containsExactly("head");
  }

  @Test
  void headOfAnEmptyBodyLeavesAtOnce() {
    response().sendHead(ok().set("content-length", "0"), false);
    exchange();
    assertThat(answer.seen).containsExactly("head");
  }

  @Test
  void headLeavesWithTheResetThatTakesTheBodysPlace() {
    response().sendHead(ok().set("content-length", "5"), false);
    response().reset(Reset.INTERNAL);
    exchange();
    assertThat(answer.seen).containsExactly("head", "reset");
  }

  private HttpStream response() {
    HttpStream opened = response;
    assertThat(opened).isNotNull();
    return opened;
  }

  private static Http2Headers ok() {
    return new DefaultHttp2Headers().status("200");
  }

  /** Carries everything both ways, and tells in how many goes the server sent something. */
  private int exchange() {
    int goes = 0;
    boolean moved = true;
    while (moved) {
      moved = false;
      client.runPendingTasks();
      for (ByteBuf out; (out = client.readOutbound()) != null; moved = true) {
        server.writeInbound(out);
      }
      server.runPendingTasks();
      ByteBuf all = Unpooled.buffer();
      for (ByteBuf out; (out = server.readOutbound()) != null; moved = true) {
        all.writeBytes(out);
        out.release();
      }
      if (all.isReadable()) {
        goes++;
      }
      client.writeInbound(all);
    }
    return goes;
  }

  private static final class Answer implements HttpStream.Listener {
    private final List<String> seen = new ArrayList<>();

    @Override
    public void onHead(Http2Headers head, boolean end) {
      seen.add("head");
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      seen.add("data");
      data.release();
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      seen.add("trailers");
    }

    @Override
    public void onReset(Reset reason) {
      seen.add("reset");
    }

    @Override
    public void onSent(int bytes) {}
  }

  private static final class Unheard implements LinkListener {
    @Override
    public void onOpen() {}

    @Override
    public void onDraining() {}

    @Override
    public void onAlive() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
  }
}
