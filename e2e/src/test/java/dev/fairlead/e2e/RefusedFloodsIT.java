package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.RefusalRow.Rows;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Row 22 of the table in docs/security.md: clients that send too much, or take too long. Others are
 * served meanwhile, and of what was not allowed nothing reaches the real API server.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class RefusedFloodsIT {

  private static final int AT_ONCE = 1_000;
  private static final long MOST_BYTES = 256L << 20;
  private static final int NOBODY_READS = 1 << 17;

  private RefusalSite site;
  private ApiServerTrail trail;
  private int marks;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @BeforeEach
  void begin() {
    trail = ApiServerTrail.from(site.plane);
  }

  @AfterEach
  void nothingArrivedAndOthersAreServed() throws Exception {
    site.nothingArrived(trail, "row-22-" + marks++);
  }

  /** Sends the same again and again until the hub has had enough of it. */
  private void untilClosed(RawHttp2Client client, byte[] bytes) throws Exception {
    long sent = 0;
    try {
      while (sent < MOST_BYTES) {
        client.send(bytes);
        sent += bytes.length;
        if (sent % (1 << 24) < bytes.length) {
          site.marker("meanwhile");
        }
      }
    } catch (IOException closed) {
      return;
    }
    throw new AssertionError("still open after " + sent + " bytes");
  }

  private static byte[] times(int count, byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      for (byte[] frame : frames) {
        all.writeBytes(frame);
      }
    }
    return all.toByteArray();
  }

  @Test
  void rapidReset() throws Exception {
    byte[] block =
        Wire.block("GET", Rows.maps("reset"), "h", List.of("authorization: Bearer made-up"));
    try (RawHttp2Client client = site.http2Client()) {
      boolean closed = false;
      try {
        for (int stream = 1; stream < 2 * NOBODY_READS && !closed; stream += 2) {
          client.frame(
              RawHttp2Client.HEADERS,
              RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
              stream,
              block);
          client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      } catch (IOException e) {
        closed = true;
      }
      assertThat(closed).as("closed").isTrue();
    }
  }

  @Test
  void continuationFlood() throws Exception {
    try (RawHttp2Client client = site.http2Client()) {
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_STREAM,
          1,
          Wire.block("GET", Rows.maps("flood"), "h", List.of("authorization: Bearer made-up")));
      untilClosed(
          client,
          times(
              20,
              RawHttp2Client.bytesOf(
                  RawHttp2Client.CONTINUATION,
                  0,
                  1,
                  RawHttp2Client.block("x-filler", "y".repeat(8_000)))));
    }
  }

  @Test
  void emptyContinuationFlood() throws Exception {
    try (RawHttp2Client client = site.http2Client()) {
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_STREAM,
          1,
          Wire.block("GET", Rows.maps("flood"), "h", List.of("authorization: Bearer made-up")));
      untilClosed(
          client,
          times(AT_ONCE, RawHttp2Client.bytesOf(RawHttp2Client.CONTINUATION, 0, 1, new byte[0])));
    }
  }

  @Test
  void settingsFlood() throws Exception {
    byte[] settings = {0, 4, 0, 0, 1, 0};
    try (RawHttp2Client client = site.http2Client()) {
      untilClosed(
          client, times(AT_ONCE, RawHttp2Client.bytesOf(RawHttp2Client.SETTINGS, 0, 0, settings)));
    }
  }

  @Test
  void pingFlood() throws Exception {
    try (RawHttp2Client client = site.http2Client()) {
      untilClosed(
          client, times(AT_ONCE, RawHttp2Client.bytesOf(RawHttp2Client.PING, 0, 0, new byte[8])));
    }
  }

  @Test
  void emptyDataFlood() throws Exception {
    try (RawHttp2Client client = site.http2Client()) {
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS,
          1,
          Wire.block("POST", Rows.maps("flood"), "h", List.of("authorization: Bearer made-up")));
      untilClosed(
          client, times(AT_ONCE, RawHttp2Client.bytesOf(RawHttp2Client.DATA, 0, 1, new byte[0])));
    }
  }

  @Test
  void endlessBodyOfNobody() throws Exception {
    try (RawClient client = site.client()) {
      client.send(
          "POST "
              + Rows.maps("endless")
              + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer made-up\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 401");
      String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
      boolean closed = false;
      try {
        for (long sent = 0; sent < MOST_BYTES; sent += chunk.length()) {
          client.send(chunk);
        }
      } catch (IOException e) {
        closed = true;
      }
      assertThat(closed).as("closed").isTrue();
    }
  }

  /** What is ranked is bounded, so that it may go on; it costs nobody else anything. */
  @Test
  void priorityChurn() throws Exception {
    try (RawHttp2Client client = site.http2Client()) {
      for (int round = 0; round < 100; round++) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < AT_ONCE; i++) {
          int stream = 2 * (round * AT_ONCE + i) + 1;
          int on = stream + 2;
          byte[] ranked = {(byte) (on >> 24), (byte) (on >> 16), (byte) (on >> 8), (byte) on, 7};
          frames.writeBytes(RawHttp2Client.bytesOf(RawHttp2Client.PRIORITY, 0, stream, ranked));
        }
        client.send(frames.toByteArray());
      }
    } catch (IOException e) {
      // Closed is fine, too.
    }
  }

  /** What nobody lets in is asked for and waits, and takes no more than that. */
  @Test
  void windowThatStaysClosed() throws Exception {
    byte[] closedWindow = {0, 4, 0, 0, 0, 0};
    try (RawHttp2Client client =
        RawHttp2Client.connect(site.hub.caCertificate(), site.gateway.port(), closedWindow)) {
      for (int stream = 1; stream < 200; stream += 2) {
        client.frame(
            RawHttp2Client.HEADERS,
            RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
            stream,
            Wire.block(
                "GET",
                "/clusters/real" + RefusalSite.path("meanwhile"),
                "h",
                List.of("authorization: Bearer " + User.ALICE.token())));
      }
      assertThat(client.outcome(199)).isEqualTo("200");
      for (int i = 0; i < 20; i++) {
        site.marker("meanwhile");
      }
    }
  }

  @Test
  void headsThatDoNotComeWhole() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        slow.add(site.client().send("GET " + Rows.maps("slow") + " HTTP/1.1\r\nHost: h\r\nX: "));
      }
      site.marker("meanwhile");
      assertThat(slow.get(0).isClosedWithin(30_000)).as("closed").isTrue();
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }
}
