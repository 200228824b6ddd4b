package dev.fairlead.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.pipe.Sockets;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing of Netty's epoll is on the classpath of these tests, and so of all others here. */
class WithoutNativeTransportTest {

  @Test
  void nioIsUsedWhereNothingElseIsThere() {
    assertThatThrownBy(() -> Class.forName("io.netty.channel.epoll.Epoll"))
        .isInstanceOf(ClassNotFoundException.class);
    try (Loops loops = Loops.of(null, "without-native", 1)) {
      assertThat(loops.sockets()).isEqualTo(Sockets.NIO);
      assertThat(loops.group()).isInstanceOf(NioEventLoopGroup.class);
      assertThat(loops.sockets().listening()).isEqualTo(NioServerSocketChannel.class);
      assertThat(Sockets.of(loops.group())).isEqualTo(Sockets.NIO);
    }
  }

  @Test
  void loopsForNoSocketsAreRefused() {
    EventLoopGroup loops = new DefaultEventLoopGroup(1);
    try {
      assertThatThrownBy(() -> Sockets.of(loops))
          .hasMessage("event loops: DefaultEventLoopGroup (expected: some for NIO or epoll)");
    } finally {
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
