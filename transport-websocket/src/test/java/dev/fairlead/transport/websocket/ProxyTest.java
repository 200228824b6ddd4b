package dev.fairlead.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.core.egress.EgressProxies;
import dev.fairlead.core.egress.EgressProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way through HTTP proxies, and what is told when there is none. */
class ProxyTest {

  private final HubUnderTest hub = new HubUnderTest(null);

  @AfterEach
  void close() {
    hub.close();
  }

  /** Answers CONNECT once, and with 200 carries bytes to the hub, whatever host is asked for. */
  private static final class OneProxy implements AutoCloseable {
    final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final ServerSocket listener;
    private final int hubPort;
    private final String answer;

    OneProxy(int hubPort, String answer) throws IOException {
      this.listener = new ServerSocket(0);
      this.hubPort = hubPort;
      this.answer = answer;
      CompletableFuture.runAsync(this::serve, OneProxy::onItsOwnThread);
    }

    /** The common pool may have one thread only, and the two directions wait for each other. */
    private static void onItsOwnThread(Runnable task) {
      Thread thread = new Thread(task, "proxy");
      thread.setDaemon(true);
      thread.start();
    }

    EgressProxy address() {
      return EgressProxy.at("127.0.0.1", listener.getLocalPort());
    }

    private void serve() {
      try (Socket agent = listener.accept()) {
        InputStream in = agent.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) in.read());
        }
        heads.add(head.toString());
        // In two pieces, as networks do.
        OutputStream out = agent.getOutputStream();
        int half = answer.length() / 2;
        out.write(answer.substring(0, half).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        out.write(answer.substring(half).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        if (answer.contains(" 200 ")) {
          try (Socket there = new Socket("127.0.0.1", hubPort)) {
            CompletableFuture<Void> back =
                CompletableFuture.runAsync(() -> copy(there, agent), OneProxy::onItsOwnThread);
            copy(agent, there);
            back.join();
          }
        }
      } catch (IOException gone) {
        heads.add("gone: " + gone);
      }
    }

    private static void copy(Socket from, Socket to) {
      try {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
      } catch (IOException gone) {
        try {
          to.close();
        } catch (IOException again) {
          throw new IllegalStateException(again);
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private AgentTransport through(EgressProxy proxy) {
    return WebSocketTransport.to("localhost", hub.port(), EgressProxies.all(proxy));
  }

  private Object outcome(AgentTransport agent) throws Exception {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    Pipe pipe = agent.dial(hub.authority.client("agent"));
    pipe.start(
        new Pipe.Listener() {
          @Override
          public void onReady() {
            outcome.complete("ready");
          }

          @Override
          public void onData(ByteBuffer data) {
            throw new AssertionError("no data was asked for");
          }

          @Override
          public void onEnd() {
            outcome.complete("end");
          }

          @Override
          public void onClosed(@Nullable Throwable cause) {
            outcome.complete(String.valueOf(cause));
            assertThat(cause).isInstanceOf(TransportException.class);
          }
        });
    return outcome.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aPipeGoesThroughAProxyWithAuthentication() throws Exception {
    try (OneProxy proxy = new OneProxy(hub.port(), "HTTP/1.1 200 OK\r\nVia: x\r\n\r\n");
        AgentTransport agent = through(proxy.address().authenticating("Aladdin", "open sesame"))) {
      assertThat(outcome(agent)).isEqualTo("ready");
      assertThat(proxy.heads.take())
          .startsWith("CONNECT localhost:" + hub.port() + " HTTP/1.1\r\n")
          .contains("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
    }
  }

  @Test
  void aPipeGoesThroughAProxyWithoutAuthentication() throws Exception {
    try (OneProxy proxy = new OneProxy(hub.port(), "HTTP/1.0 200 Connection established\r\n\r\n");
        AgentTransport agent = through(proxy.address())) {
      assertThat(outcome(agent)).isEqualTo("ready");
      assertThat(proxy.heads.take()).doesNotContain("Authorization");
    }
  }

  @Test
  void aProxysRefusalsAreToldWithoutThePassword() throws Exception {
    refusal("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407", "user alice");
    refusal("HTTP/1.1 403 Forbidden\r\n\r\n", "403", "let anybody through");
    refusal("HTTP/1.1 502 Bad Gateway\r\n\r\n", "502", "cannot reach the hub");
    refusal("HTTP/1.1 500 Internal Error\r\n\r\n", "500", "expected: 200");
    refusal("SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP/1.1", "expected: an HTTP proxy");
    refusal("HTTP/1.1 200", "it closed the connection", "expected");
  }

  private void refusal(String answer, String found, String more) throws Exception {
    try (OneProxy proxy = new OneProxy(0, answer);
        AgentTransport agent = through(proxy.address().authenticating("alice", "hunter2"))) {
      assertThat(outcome(agent))
          .asString()
          .contains("localhost:" + hub.port() + " through proxy 127.0.0.1:", found, more)
          .doesNotContain("hunter2");
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    EgressProxy gone;
    try (OneProxy proxy = new OneProxy(0, "")) {
      gone = proxy.address();
    }
    try (AgentTransport agent = through(gone)) {
      assertThat(outcome(agent))
          .asString()
          .contains("through proxy " + gone + ": connection refused (is the proxy running?)");
    }
  }
}
