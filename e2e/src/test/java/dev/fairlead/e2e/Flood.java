package dev.fairlead.e2e;

import dev.fairlead.testkit.raw.RawHttp2Client;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What a hostile client does on a connection of its own, until the hub closes it or it is told. */
enum Flood {
  /** Requests of nobody, taken back at once. */
  RAPID_RESET {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException {
      byte[] block = request();
      for (int stream = 1; over.getCount() > 0 && stream < MOST_STREAMS; stream += 2) {
        client.frame(
            RawHttp2Client.HEADERS,
            RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
            stream,
            block);
        client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
      }
    }
  },

  /** Requests of a user who may, taken back when they have reached the API server. */
  TAKEN_BACK {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException, Http2Exception {
      byte[] watch = ofAlice("/clusters/real/api/v1/namespaces?watch=true");
      byte[] list = ofAlice("/clusters/real/api/v1/configmaps");
      for (int first = 1; over.getCount() > 0; first += 2 * UNDER_WAY) {
        int end = first + 2 * UNDER_WAY;
        for (int stream = first; stream < end; stream += 2) {
          byte[] block = stream % 4 == 1 ? list : watch;
          client.frame(
              RawHttp2Client.HEADERS,
              RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
              stream,
              block);
        }
        client.outcome(end - 2);
        for (int stream = first; stream < end; stream += 2) {
          client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      }
    }
  },

  CONTINUATION {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException {
      client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, request());
      byte[] filler = RawHttp2Client.block("x-filler", "y".repeat(8_000));
      untilClosed(client, over, RawHttp2Client.CONTINUATION, 1, filler);
    }
  },

  SETTINGS {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException {
      untilClosed(client, over, RawHttp2Client.SETTINGS, 0, new byte[] {0, 4, 0, 0, 1, 0});
    }
  },

  PING {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException {
      untilClosed(client, over, RawHttp2Client.PING, 0, new byte[8]);
    }
  },

  PRIORITY {
    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException {
      for (int stream = 1; over.getCount() > 0; ) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < AT_ONCE; i++, stream = stream + 2 & MOST_STREAMS) {
          int on = stream + 2;
          byte[] ranked = {(byte) (on >> 24), (byte) (on >> 16), (byte) (on >> 8), (byte) on, 7};
          frames.writeBytes(RawHttp2Client.bytesOf(RawHttp2Client.PRIORITY, 0, stream, ranked));
        }
        client.send(frames.toByteArray());
      }
    }
  },

  /** Asks for some megabytes, a hundred times, and lets none of them in. */
  CLOSED_WINDOW {
    @Override
    byte[] settings() {
      return new byte[] {0, 4, 0, 0, 0, 0};
    }

    @Override
    void send(RawHttp2Client client, CountDownLatch over) throws IOException, InterruptedException {
      byte[] large = ofAlice("/clusters/real/openapi/v2");
      for (int stream = 1; stream < 200; stream += 2) {
        client.frame(
            RawHttp2Client.HEADERS,
            RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
            stream,
            large);
      }
      over.await();
    }
  };

  private static final int AT_ONCE = 200;
  private static final int UNDER_WAY = 50;
  private static final int MOST_STREAMS = 0x3fffffff;

  /** The settings of its connection. */
  byte[] settings() {
    return new byte[0];
  }

  /** Goes on until the hub closes the connection, or it is over. */
  abstract void send(RawHttp2Client client, CountDownLatch over)
      throws IOException, InterruptedException, Http2Exception;

  private static byte[] ofAlice(String target) {
    return Wire.block("GET", target, "h", List.of("authorization: Bearer " + User.ALICE.token()));
  }

  private static byte[] request() {
    return Wire.block(
        "GET", "/clusters/real/version", "h", List.of("authorization: Bearer made-up"));
  }

  private static void untilClosed(
      RawHttp2Client client, CountDownLatch over, int type, int stream, byte[] payload)
      throws IOException {
    byte[] frame = RawHttp2Client.bytesOf(type, 0, stream, payload);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int size = 0; size < 64_000; size += frame.length) {
      frames.writeBytes(frame);
    }
    while (over.getCount() > 0) {
      client.send(frames.toByteArray());
    }
  }
}
