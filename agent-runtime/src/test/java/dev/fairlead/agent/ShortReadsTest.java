package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.Identity;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.Reset;
import dev.fairlead.testkit.ManualTime;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The few HTTP/1.1 connections that an agent keeps beside those of HTTP/2. */
class ShortReadsTest {

  private static final String PODS = "/api/v1/pods";
  private static final int MOST = 16;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ManualTime time = ManualTime.create();
  private final TestHub hub = new TestHub(ManualTime.create());
  private TestApiServer api;
  private FairleadAgent agent;
  private TestHub.Tunnel tunnel;

  /** A read as its user and as the API server see it. */
  record Read(Answer answer, TestApiServer.Seen seen) {}

  @BeforeEach
  void connect() throws Exception {
    api = new TestApiServer();
    agent =
        FairleadAgent.builder()
            .dial(hub.local())
            .withoutCredentials()
            .cluster(api.address())
            .time(time)
            .drainFor(Duration.ZERO)
            .build();
    agent.start();
    tunnel = hub.tunnel();
  }

  @AfterEach
  void close() {
    agent.close();
    hub.close();
    api.close();
  }

  private static Read read(TestApiServer api, TestHub.Tunnel tunnel) throws InterruptedException {
    Answer answer = tunnel.get(PODS);
    return new Read(answer, api.request());
  }

  /** Reads until one comes by HTTP/1.1, which is not answered yet. */
  static Read byHttp1(TestApiServer api, TestHub.Tunnel tunnel) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() - until < 0) {
      Read read = read(api, tunnel);
      if (!read.seen().http2()) {
        return read;
      }
      serve(read);
    }
    throw new AssertionError("no read came by HTTP/1.1");
  }

  private static void serve(Read read) {
    read.seen().answer("200", "served");
    assertThat(read.answer().body()).isEqualTo("served");
    assertThat(read.answer().status()).isEqualTo("200");
  }

  private static Channel next(TestApiServer api) throws InterruptedException {
    Channel channel = api.http1Connections.poll(20, TimeUnit.SECONDS);
    assertThat(channel).isNotNull();
    return channel;
  }

  @Test
  void onlyReadsThatEndByThemselvesGoByHttp1() throws Exception {
    serve(byHttp1(api, tunnel));
    for (String lasting :
        List.of(
            PODS + "?watch=true",
            "/api/v1/namespaces/shop/pods/web/log?follow=true",
            "/api/v1/namespaces/shop/services/web/proxy/")) {
      tunnel.get(lasting);
      assertThat(api.request().http2()).as(lasting).isTrue();
    }
    tunnel.send(Identity.user("alice"), TestHub.request("DELETE", PODS), true, new Answer());
    assertThat(api.request().http2()).isTrue();
    tunnel.send(Identity.user("alice"), TestHub.request("GET", PODS), false, new Answer());
    assertThat(api.request().http2()).isTrue();
    serve(byHttp1(api, tunnel));
    assertThat(api.http1Connections).hasSize(1);
  }

  @Test
  void readByHttp1ArrivesAsTheUser() throws Exception {
    Read read = byHttp1(api, tunnel);
    assertThat(read.seen().head().path()).hasToString(PODS);
    assertThat(read.seen().head().authority()).hasToString("127.0.0.1:" + api.port());
    assertThat(read.seen().head().getAll("authorization")).hasToString("[Bearer agent-token]");
    assertThat(read.seen().head().getAll("impersonate-user")).hasToString("[alice]");
    assertThat(read.seen().head().getAll("audit-id")).hasToString("[audit-1]");
  }

  @Test
  void connectionsComeOneByOneAndAreBounded() throws Exception {
    List<Read> underWay = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      underWay.add(byHttp1(api, tunnel));
      assertThat(api.http1Connections).hasSize(i + 1);
      time.advance(PAUSE);
    }
    for (int i = 0; i < MOST; i++) {
      Read further = read(api, tunnel);
      assertThat(further.seen().http2()).isTrue();
      serve(further);
      time.advance(PAUSE);
    }
    assertThat(api.http1Connections).hasSize(MOST);
    underWay.forEach(ShortReadsTest::serve);
  }

  @Test
  void whatIsTakenBackBuysNoHandshakeAtOnce() throws Exception {
    Read read = byHttp1(api, tunnel);
    read.answer().stream.reset(Reset.CANCEL);
    read.seen().body().reset();
    assertThat(next(api).closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < MOST; i++) {
      Read further = read(api, tunnel);
      assertThat(further.seen().http2()).isTrue();
      serve(further);
    }
    assertThat(api.http1Connections).isEmpty();
    time.advance(PAUSE);
    serve(byHttp1(api, tunnel));
    assertThat(api.http1Connections).hasSize(1);
  }

  @Test
  void endOfTheSharedConnectionEndsNoReads() throws Exception {
    Read read = byHttp1(api, tunnel);
    Read begun = beginAnother();
    api.accuse(true);
    serve(read);
    begun.seen().stream().sendData(Unpooled.copiedBuffer("rest", StandardCharsets.US_ASCII), true);
    assertThat(begun.answer().body()).isEqualTo("rest");
  }

  private Read beginAnother() throws InterruptedException {
    time.advance(PAUSE);
    Read begun = byHttp1(api, tunnel);
    begun.seen().stream().sendHead(Heads.create().status("200"), false);
    assertThat(begun.answer().status()).isEqualTo("200");
    return begun;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionThatWasClosedMeanwhileCostsNoRead(boolean used) throws Exception {
    if (used) {
      serve(byHttp1(api, tunnel));
    }
    Read read = byHttp1(api, tunnel);
    next(api).close();
    TestApiServer.Seen again = api.request();
    assertThat(again.http2()).isTrue();
    serve(new Read(read.answer(), again));
  }

  @Test
  void unusedConnectionIsClosed() throws Exception {
    serve(byHttp1(api, tunnel));
    time.advance(Duration.ofSeconds(60));
    assertThat(next(api).closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void agentThatIsClosedClosesThem() throws Exception {
    serve(byHttp1(api, tunnel));
    Read pending = byHttp1(api, tunnel);
    agent.close();
    assertThat(next(api).closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    pending.seen().body().reset();
  }
}
