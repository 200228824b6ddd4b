package dev.fairlead.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.api.metrics.FairleadMetrics;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.metrics.MemoryMetrics;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What links count. */
final class LinkMetricsTest {

  private static final LinkSettings SETTINGS = LinkSettings.TUNNEL.withLiveness(Duration.ZERO);
  private static final int FIRST = SETTINGS.streamWindow();
  private static final Duration FAR = Duration.ofMillis(100);
  private static final long WIDE = 64_000_000;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MemoryMetrics metrics = new MemoryMetrics();
  private final LinkMetrics counted = LinkMetrics.of(metrics, LinkMetrics.Leg.TUNNEL);
  private LongLink link = new LongLink(SETTINGS, FAR, WIDE, counted);

  @AfterEach
  void close() {
    link.close();
    counted.close();
  }

  /** A stream on which the server, whose link is the one that counts, sends without end. */
  private Traffic download(Traffic receiver) {
    receiver.on(link.open(receiver));
    HttpStream sending = link.lastAccepted();
    Traffic sender = Traffic.reading().on(sending);
    sending.listen(sender);
    sending.sendHead(Heads.create().status("200"), false);
    sender.send(2 * FIRST);
    return receiver;
  }

  @Test
  void aStalledStreamIsSeenAndSoIsItsEnd() {
    Traffic stalled = download(Traffic.stalled());
    link.settle(SECOND);
    assertThat(metrics.value(FairleadMetrics.STREAMS_STALLED, "tunnel")).isEqualTo(1);
    assertThat(metrics.value(FairleadMetrics.STALLS, "tunnel")).isEqualTo(1);
    assertThat(metrics.value(FairleadMetrics.BYTES_BUFFERED, "tunnel")).isEqualTo(2L * FIRST);
    stalled.readOn();
    stalled.stopReading();
    link.settle(SECOND);
    assertThat(metrics.value(FairleadMetrics.STREAMS_STALLED, "tunnel")).isEqualTo(1);
    stalled.reset();
    link.settle(SECOND);

    assertThat(metrics.value(FairleadMetrics.STREAMS_STALLED, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.BYTES_BUFFERED, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.STREAMS_OPEN, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.WINDOW_BYTES, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.STREAMS, "tunnel")).isEqualTo(1);
  }

  @Test
  void windowsThatGrowAreSeenAndWhetherTheMemoryKeptThemSmall() {
    link.close();
    link = new LongLink(SETTINGS.withMaxStreams(8).withMemory(1 << 20), FAR, WIDE, counted);
    Traffic sender = Traffic.reading();
    sender.on(link.open(sender));
    Traffic receiver = Traffic.reading().on(link.lastAccepted());
    link.lastAccepted().listen(receiver);
    sender.send(2 * FIRST);
    link.settle(SECOND.multipliedBy(2));

    assertThat(metrics.value(FairleadMetrics.WINDOW_BYTES, "tunnel"))
        .isGreaterThan(2L * FIRST)
        .isLessThanOrEqualTo(1 << 20);
    assertThat(metrics.value(FairleadMetrics.WINDOWS_CAPPED, "tunnel")).isPositive();
    assertThat(metrics.value(FairleadMetrics.BYTES_RECEIVED, "tunnel"))
        .isEqualTo(receiver.received);
    assertThat(metrics.count(FairleadMetrics.ROUND_TRIP, "tunnel")).isPositive();
  }

  @Test
  void linksAreCountedWhileTheyAreOpen() {
    assertThat(metrics.value(FairleadMetrics.LINKS_OPEN, "tunnel")).isEqualTo(1);
    link.server.abort(new IllegalStateException("the test is over"));
    link.settle(SECOND);

    assertThat(metrics.value(FairleadMetrics.LINKS_OPEN, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.LINKS, "tunnel")).isEqualTo(1);
  }

  @Test
  void aLinkThatIsLostLeavesNothingBehind() {
    download(Traffic.stalled());
    download(Traffic.reading());
    link.settle(SECOND);
    link.server.abort(new IllegalStateException("the test is over"));
    link.settle(SECOND);

    assertThat(metrics.value(FairleadMetrics.STREAMS_OPEN, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.STREAMS_STALLED, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.BYTES_BUFFERED, "tunnel")).isZero();
    assertThat(metrics.value(FairleadMetrics.WINDOW_BYTES, "tunnel")).isZero();
  }
}
