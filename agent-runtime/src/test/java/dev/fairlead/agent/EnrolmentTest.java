package dev.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.Agent;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.core.http.Heads;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EnrolmentTest extends EnrolmentFixture {

  @Test
  void enrolsOnceAndComesBackWithWhatItKept() throws Exception {
    BigInteger first;
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      first = nextSerial();
    }
    assertThat(Files.exists(directory.resolve("agent/agent.pem"))).isTrue();
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
      assertThat(nextSerial()).isEqualTo(first);
    }
    assertThat(enrolments.get()).isEqualTo(1);
  }

  @Test
  void firstStartWithoutATokenSaysWhatIsMissing() {
    FairleadAgent agent = builder().build();
    assertThatThrownBy(agent::start)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("no install token");
  }

  @Test
  void tokenThatIsRefusedFailsTheStart() {
    hub.enrol =
        (token, csr) -> {
          throw new UnauthenticatedException("install token: used up");
        };
    FairleadAgent agent = builder().enrolWith(TOKEN).build();
    assertThatThrownBy(agent::start).isInstanceOf(UnauthenticatedException.class);
    assertThat(agent.state()).isEqualTo(Agent.State.CLOSED);
  }

  @Test
  void renewalOpensTheNextTunnelFirstAndLosesNoExchange() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    hub.renew =
        (peer, csr) -> {
          if (tries.incrementAndGet() == 1) {
            throw new TransportException("a hiccup");
          }
          return issue(csr);
        };
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      TestHub.Tunnel old = hub.tunnel();
      BigInteger first = nextSerial();
      Answer watch = old.get("/api/v1/pods?watch=true");
      TestApiServer.Seen seen = api.request();
      seen.stream().sendHead(Heads.create().status("200"), false);
      assertThat(watch.status()).isEqualTo("200");

      time.manual().advance(Duration.ofHours(12));
      assertThat(tries.get()).isZero();
      time.manual().advance(Duration.ofHours(5));
      TestHub.Tunnel renewed = hub.tunnel();
      BigInteger second = nextSerial();
      assertThat(second).isNotEqualTo(first);
      assertThat(tries.get()).isEqualTo(2);
      Answer.soon(old.draining);
      Answer other = renewed.get("/api/v1/nodes");
      api.request().answer("200", "nodes");
      assertThat(other.body()).isEqualTo("nodes");
      assertThat(old.closed).isNotDone();
      seen.stream().sendData(Unpooled.copiedBuffer("event", StandardCharsets.UTF_8), true);
      assertThat(watch.body()).isEqualTo("event");
      Answer.soon(old.closed);
    }
    try (FairleadAgent again = builder().build()) {
      again.start();
      hub.tunnel();
      assertThat(hub.peers).hasSize(1);
    }
  }

  @Test
  void expiredCertificateIsRefusedUnlessThereIsANewToken() throws Exception {
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
    }
    time.manual().advance(Duration.ofHours(25));
    FairleadAgent expired = builder().build();
    assertThatThrownBy(expired::start)
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("expired");
    try (FairleadAgent agent = builder().enrolWith(TOKEN).build()) {
      agent.start();
      hub.tunnel();
    }
    assertThat(enrolments.get()).isEqualTo(2);
  }
}
