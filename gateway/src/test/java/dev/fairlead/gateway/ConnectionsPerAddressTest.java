package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.testkit.raw.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No client address takes all connections. */
final class ConnectionsPerAddressTest {

  private static final int MOST = 3;
  private static final int TRIES = 200;
  private static final String LIVEZ = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";

  private GatewayFixture fixture;
  private Gateway strict;

  @BeforeEach
  void start() throws Exception {
    fixture = new GatewayFixture();
    strict =
        Gateway.builder(fixture.hub)
            .listen(null, 0)
            .tlsByHub("127.0.0.1")
            .connectionsPerAddress(MOST)
            .drainFor(Duration.ZERO)
            .build();
    strict.start();
  }

  @AfterEach
  void stop() {
    strict.close();
    fixture.close();
  }

  private Socket connect(String from) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getByName("127.0.0.1"), strict.port(), InetAddress.getByName(from), 0);
    socket.setSoTimeout(200);
    return socket;
  }

  @Test
  void furtherConnectionsAreClosedUntilOneOfTheAddressEnds() throws Exception {
    List<RawClient> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST; i++) {
        open.add(served());
      }
      try (Socket beyond = connect("127.0.0.1")) {
        beyond.setSoTimeout(20_000);
        assertThat(RawClient.isClosed(beyond)).isTrue();
      }
      try (Socket other = connect("127.0.0.2")) {
        assertThat(RawClient.isClosed(other)).as("of another address").isFalse();
      }
      for (RawClient one : open) {
        assertThat(one.send(LIVEZ).response()).startsWith("HTTP/1.1 200");
      }
      open.remove(0).close();
      // The front door may not have seen yet that one is closed.
      boolean taken = false;
      for (int i = 0; i < TRIES && !taken; i++) {
        try (Socket again = connect("127.0.0.1")) {
          taken = !RawClient.isClosed(again);
        }
      }
      assertThat(taken).as("there is room again").isTrue();
    } finally {
      for (RawClient one : open) {
        one.close();
      }
    }
  }

  private RawClient served() throws Exception {
    RawClient client = RawClient.connect(fixture.hub.caCertificate(), strict.port());
    assertThat(client.send(LIVEZ).response()).startsWith("HTTP/1.1 200");
    return client;
  }

  @Test
  void networkOfIpv6CountsAsOne() throws UnknownHostException {
    assertThat(source("2001:db8:1:2:3::1")).isEqualTo(source("2001:db8:1:2:ffff::2"));
    assertThat(source("2001:db8:1:3::1")).isNotEqualTo(source("2001:db8:1:2::1"));
    assertThat(source("::ffff:192.0.2.1")).isEqualTo(source("192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(source("192.0.2.2")).isNotEqualTo(source("192.0.2.1"));
  }

  private static String source(String address) throws UnknownHostException {
    return Sources.sourceOf(InetAddress.getByName(address));
  }

  @Test
  void numberOutOfRangeIsAMistake() {
    for (int most : new int[] {0, -1, 10_001}) {
      assertThatThrownBy(
              () ->
                  Gateway.builder(fixture.hub)
                      .listen(0)
                      .tlsByHub("h")
                      .connectionsPerAddress(most)
                      .build())
          .isInstanceOf(InvalidException.class)
          .hasMessageContaining("connectionsPerAddress: " + most);
    }
  }
}
