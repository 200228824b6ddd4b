package dev.fairlead.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.LinkSettings;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How windows follow what their streams do, on links of every length. */
final class StreamWindowsTest {

  private static final LinkSettings SETTINGS = LinkSettings.TUNNEL.withLiveness(Duration.ZERO);
  private static final int FIRST = SETTINGS.streamWindow();
  private static final int AHEAD = 128 * 1024;
  private static final long WIDE = 64_000_000;
  private static final long MIB = 1 << 20;
  private static final Duration FAR = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  /** By then a window has grown to what a long link needs. */
  private static final Duration GROWN = Duration.ofMillis(1_500);

  private LongLink link;

  @AfterEach
  void close() {
    link.close();
  }

  /** A stream on which the server sends without end. */
  private Traffic download(Traffic receiver) {
    receiver.on(link.open(receiver));
    Traffic sender = Traffic.reading().on(link.lastAccepted());
    link.lastAccepted().listen(sender);
    link.lastAccepted().sendHead(Heads.create().status("200"), false);
    sender.send(AHEAD);
    return receiver;
  }

  @Test
  void aDownloadOverAHundredMillisecondsReachesFiftyMegabytesASecond() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic receiver = download(Traffic.reading());
    link.settle(GROWN);
    long before = receiver.received;
    link.settle(HALF_A_SECOND);

    assertThat(receiver.received - before).isGreaterThan(25_000_000);
  }

  @Test
  void anUploadOverAHundredMillisecondsReachesFiftyMegabytesASecond() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic sender = Traffic.reading();
    sender.on(link.open(sender));
    Traffic receiver = Traffic.reading().on(link.lastAccepted());
    link.lastAccepted().listen(receiver);
    sender.send(AHEAD);
    link.settle(GROWN);
    long before = receiver.received;
    link.settle(HALF_A_SECOND);

    assertThat(receiver.received - before).isGreaterThan(25_000_000);
  }

  @Test
  void aWindowFitsItsLinkAndDoesNotGrowBeyond() {
    long slow = 20_000_000;
    link = new LongLink(SETTINGS, FAR, slow);
    Traffic receiver = download(Traffic.reading());
    link.settle(Duration.ofSeconds(3));
    long before = receiver.received;
    link.settle(SECOND);
    assertThat(receiver.received - before).isGreaterThan(slow * 9 / 10);
    receiver.stopReading();
    link.settle(SECOND);

    // In three round trips the link carries 6 MB.
    assertThat(receiver.unread).isLessThan(7_000_000);
  }

  @Test
  void aStreamThatIsNeverReadHoldsItsFirstWindowWhateverOthersDo() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic stalled = download(Traffic.stalled());
    Traffic fast = download(Traffic.reading());
    link.settle(GROWN);

    assertThat(fast.received).isGreaterThan(20_000_000);
    assertThat(stalled.unread).isLessThanOrEqualTo(FIRST);
  }

  @Test
  void aStreamThatIsReadSlowlyHoldsLessThanAMebibyteOnALongLink() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic slow = download(Traffic.stalled());
    long most = 0;
    for (int i = 0; i < 500; i++) {
      link.settle(Duration.ofMillis(10));
      most = Math.max(most, slow.unread);
      slow.read(Math.min(slow.unread, 20_000));
    }

    assertThat(slow.received).isGreaterThan(5_000_000);
    assertThat(most).isLessThan(MIB / 2);
  }

  @Test
  void onAShortLinkEvenAFastStreamHoldsLessThanAMebibyteWhenItStalls() {
    link = new LongLink(SETTINGS, Duration.ofNanos(200_000), 5 * WIDE);
    Traffic receiver = download(Traffic.reading());
    link.settle(Duration.ofMillis(300));
    long before = receiver.received;
    link.settle(Duration.ofMillis(100));
    assertThat(receiver.received - before).isGreaterThan(5 * WIDE / 10 * 9 / 10);
    receiver.stopReading();
    link.settle(SECOND);

    assertThat(receiver.unread).isLessThan(MIB);
  }

  @Test
  void aStreamThatStalledIsGrantedNoMoreThanItReads() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic receiver = download(Traffic.reading());
    link.settle(GROWN);
    receiver.stopReading();
    link.settle(SECOND);
    assertThat(receiver.unread).isLessThanOrEqualTo(SETTINGS.largestWindow());
    // It reads on, but slowly: what it holds goes down to what suits it.
    for (int i = 0; i < 3_000; i++) {
      receiver.read(Math.min(receiver.unread, 20_000));
      link.settle(Duration.ofMillis(10));
    }

    assertThat(receiver.unread).isLessThan(MIB);
  }

  @Test
  void aRestedStreamGrowsAgain() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic receiver = download(Traffic.reading());
    link.settle(SECOND);
    receiver.stopReading();
    link.settle(SECOND.multipliedBy(60));
    receiver.readOn();
    link.settle(GROWN);
    long before = receiver.received;
    link.settle(HALF_A_SECOND);

    assertThat(receiver.received - before).isGreaterThan(25_000_000);
  }

  @Test
  void whatAllStreamsHoldStaysWithinTheMemoryHoweverFastTheyWere() {
    long memory = 8 * MIB;
    link = new LongLink(SETTINGS.withMaxStreams(40).withMemory(memory), FAR, 8 * WIDE);
    List<Traffic> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(download(Traffic.reading()));
    }
    link.settle(SECOND);
    // One after the other, so that those that still read could take what the others had.
    for (Traffic stream : all) {
      stream.stopReading();
      link.settle(Duration.ofMillis(300));
    }
    link.settle(SECOND);

    assertThat(all.stream().mapToLong(stream -> stream.unread).sum())
        .isGreaterThan(8L * FIRST)
        .isLessThanOrEqualTo(memory);
  }

  @Test
  void oneStreamDoesNotTakeAllThatThereIsToGrowBy() {
    long memory = 8 * MIB;
    link = new LongLink(SETTINGS.withMaxStreams(40).withMemory(memory), FAR, WIDE);
    Traffic greedy = download(Traffic.reading());
    link.settle(GROWN);
    greedy.stopReading();
    link.settle(SECOND);
    Traffic other = download(Traffic.reading());
    link.settle(GROWN);
    long before = other.received;
    link.settle(SECOND);

    // With the first window it would be 640 kB.
    assertThat(other.received - before).isGreaterThan(4_000_000);
  }

  @Test
  void aFurtherStreamIsRefusedWhenTooMuchWaitsToBeSent() {
    link = new LongLink(SETTINGS.withMaxStreams(10).withMemory(MIB), FAR, WIDE);
    Traffic sender = Traffic.reading();
    sender.on(link.open(sender));
    link.lastAccepted().listen(Traffic.stalled().on(link.lastAccepted()));
    sender.send(2 << 20);

    assertThatThrownBy(() -> link.open(Traffic.reading()))
        .isInstanceOf(LimitException.class)
        .hasMessageContaining("memory: " + MIB);
  }

  @Test
  void aPeerThatSendsMoreThanItMayIsClosed() throws Exception {
    link = new LongLink(SETTINGS, FAR, WIDE);
    Traffic receiver = Traffic.stalled();
    receiver.on(link.open(receiver));
    link.lastAccepted().listen(Traffic.reading().on(link.lastAccepted()));
    link.lastAccepted().sendHead(Heads.create().status("200"), false);
    link.settle(SECOND);
    // As a peer that does not count.
    for (int sent = 0; sent <= FIRST; sent += 16_384) {
      link.serverChannel.writeOutbound(
          Unpooled.wrappedBuffer(
              new byte[] {0, 0x40, 0, 0, 0, 0, 0, 0, (byte) 3}, new byte[16_384]));
    }
    link.settle(SECOND);

    assertThat(link.atClient.closed).isTrue();
    assertThat(link.atClient.cause).isInstanceOf(Http2Exception.class);
    assertThat(receiver.reset).isNotNull();
    assertThat(receiver.unread).isLessThanOrEqualTo(FIRST);
  }

  @Test
  void everyMistakeOfASettingIsTold() {
    link = new LongLink(SETTINGS, FAR, WIDE);
    assertThatThrownBy(() -> new LinkSettings(0, 1, 0, -1, 1, Duration.ofSeconds(-1), true))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("maxStreams: 0")
        .hasMessageContaining("streamWindow: 1 ")
        .hasMessageContaining("largestWindow: 0")
        .hasMessageContaining("memory: -1")
        .hasMessageContaining("maxHeaderList: 1 ")
        .hasMessageContaining("liveness: ");
    assertThatThrownBy(() -> SETTINGS.withMaxStreams(100_000))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("maxStreams times streamWindow");
  }

  @Test
  void aStreamTooManyForTheMemoryDoesNotExist() {
    link = new LongLink(SETTINGS.withMaxStreams(4).withMemory(4L * FIRST), FAR, WIDE);
    for (int i = 0; i < 4; i++) {
      Traffic stalled = Traffic.stalled();
      link.open(stalled);
      assertThat(stalled.reset).isNull();
    }
    assertThat(link.accepted).hasSize(4);
    assertThatThrownBy(() -> link.open(Traffic.reading())).isInstanceOf(LimitException.class);
  }
}
