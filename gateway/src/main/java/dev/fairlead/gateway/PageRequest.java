package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request to pages: its body comes in, one answer goes out. State is the event loop's. */
final class PageRequest implements HttpStream.Listener {

  private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(10);

  private final HttpStream stream;
  private final Http2Headers head;
  private final int most;
  private final Time time;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private Runnable release = () -> {};
  private @Nullable Consumer<byte[]> then;
  private Time.@Nullable Scheduled deadline;

  PageRequest(HttpStream stream, Http2Headers head, int most, Time time) {
    this.stream = stream;
    this.head = head;
    this.most = most;
    this.time = time;
  }

  Http2Headers head() {
    return head;
  }

  /** Answers a request of which nothing was read. */
  void refuse(RestAnswer answer) {
    stream.listen(this);
    answer(answer);
  }

  /**
   * Reads the body.
   *
   * @param release called once, when there is an answer or nobody waits for one
   * @param then gets the body, unless the request is refused or ends before
   */
  void collect(boolean end, Runnable release, Consumer<byte[]> then) {
    this.release = release;
    String flaw = flaw();
    if (flaw != null) {
      refuse(RestAnswer.problem(400, flaw));
    } else if (isFromAnotherSite()) {
      refuse(RestAnswer.problem(403, "sec-fetch-site: another site (expected: this one)"));
    } else if (head.contains("content-encoding")) {
      refuse(RestAnswer.problem(415, "content-encoding: some (expected: none)"));
    } else if (declared() > most) {
      refuse(tooLong());
    } else {
      this.then = then;
      if (end) {
        stream.listen(this);
        end();
      } else {
        deadline = time.schedule(LONGEST_ARRIVAL, () -> stream.executor().execute(this::late));
        stream.listen(this);
      }
    }
  }

  private @Nullable String flaw() {
    if (head.contains(Heads.PROTOCOL)) {
      return "upgrade: not offered here (expected: none)";
    }
    return head.getAll("content-type").size() > 1
        ? "content-type: more than one (expected: at most 1)"
        : null;
  }

  /** A browser tells; what a client certificate proves must not be another site's to use. */
  private boolean isFromAnotherSite() {
    String site = Heads.get(head, "sec-fetch-site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  private long declared() {
    String length = Heads.get(head, "content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private RestAnswer tooLong() {
    return RestAnswer.problem(413, "body: over " + most + " bytes (expected: at most that)");
  }

  private void late() {
    if (then != null) {
      then = null;
      answer(
          RestAnswer.problem(408, "body: not complete after 10 s (expected: all of it by then)"));
    }
  }

  private void end() {
    Consumer<byte[]> next = then;
    if (next != null) {
      finishReading();
      next.accept(collected.toByteArray());
    }
  }

  private void finishReading() {
    then = null;
    Time.Scheduled pending = deadline;
    if (pending != null) {
      pending.cancel();
    }
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    byte[] piece = new byte[then == null ? 0 : bytes];
    data.readBytes(piece);
    data.release();
    if (then == null) {
      return;
    }
    stream.consume(bytes);
    if (collected.size() + bytes > most) {
      finishReading();
      answer(tooLong());
      return;
    }
    collected.writeBytes(piece);
    if (end) {
      end();
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    end();
  }

  @Override
  public void onReset(Reset reason) {
    if (then != null) {
      finishReading();
      release.run();
    }
  }

  @Override
  public void onHead(Http2Headers again, boolean end) {
    // A request has one head, which was seen.
  }

  @Override
  public void onSent(int bytes) {
    // Answers are short.
  }

  /** Sends the answer. Any thread. */
  void answer(RestAnswer answer) {
    release.run();
    Http2Headers fields =
        Heads.create()
            .status(Integer.toString(answer.status()))
            .set("cache-control", "no-store")
            .set("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
            .set("referrer-policy", "no-referrer")
            .set("x-content-type-options", "nosniff");
    answer.headers().forEach(fields::set);
    boolean bodiless =
        answer.status() == 204 || "HEAD".contentEquals(String.valueOf(head.method()));
    if (answer.status() != 204) {
      fields.set("content-length", Integer.toString(answer.body().length));
    }
    boolean over = bodiless || answer.body().length == 0;
    stream.sendHead(fields, over);
    if (!over) {
      stream.sendData(Unpooled.wrappedBuffer(answer.body()), true);
    }
  }
}
