package dev.fairlead.core.http;

import dev.fairlead.api.Time;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the frames of an {@link Http2Link} to its streams. */
final class LinkFrames extends Http2FrameAdapter {

  private static final Logger log = LoggerFactory.getLogger(LinkFrames.class);

  private final Acceptor acceptor;
  private final LinkSettings settings;
  private final LinkMetrics metrics;
  private final ControlFrames control;
  private @Nullable Http2Link attached;

  LinkFrames(Acceptor acceptor, LinkSettings settings, LinkMetrics metrics, Time time) {
    this.acceptor = acceptor;
    this.settings = settings;
    this.metrics = metrics;
    this.control = new ControlFrames(time, settings.trusted());
  }

  void attach(Http2Link link) {
    attached = link;
  }

  private Http2Link link() {
    return Objects.requireNonNull(attached, "link");
  }

  /** Tells streams of their end, however it came about. */
  Http2ConnectionAdapter streams() {
    return new Http2ConnectionAdapter() {
      @Override
      public void onStreamActive(Http2Stream stream) {
        metrics.streamOpened(settings.streamWindow());
        link().streamsChanged();
      }

      @Override
      public void onGoAwayReceived(int lastId, long code, ByteBuf debug) {
        link().refusedAbove(lastId);
      }

      @Override
      public void onStreamClosed(Http2Stream stream) {
        Http2LinkStream ours = link().streamOf(stream);
        if (ours != null) {
          ours.closed();
        }
        metrics.streamClosed(settings.streamWindow());
        link().streamsChanged();
      }
    };
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    control.arrived();
    link().settingsArrived();
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    control.arrived();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    onHeadersRead(ctx, id, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    Http2Link link = link();
    Http2Stream stream = link.connection().stream(id);
    if (stream == null) {
      return;
    }
    Http2LinkStream ours = link.streamOf(stream);
    if (!Heads.isWellFormed(headers)) {
      link.refuse(id, Reset.PROTOCOL);
      if (ours != null) {
        ours.receivedReset(Reset.PROTOCOL);
      }
      return;
    }
    if (ours == null) {
      if (!link.connection().isServer()) {
        // RFC 9113 section 8.1: whoever answers requests makes none. Each such stream would stay.
        throw Http2Exception.connectionError(
            Http2Error.PROTOCOL_ERROR, "stream %d: opened by the side that answers", id);
      }
      if (!link.windows().haveRoomFor(link.activeStreams())) {
        link.refuse(id, Reset.REFUSED);
        return;
      }
      ours = new Http2LinkStream(link, id);
      stream.setProperty(link.streamKey, ours);
      Http2LinkStream accepted = ours;
      accepted.acceptedHead(headers, end);
      attempt(accepted, () -> acceptor.accept(accepted, headers, end));
    } else if (ours.awaitsHead()) {
      if (!isInterim(headers)) {
        Http2LinkStream answered = ours;
        attempt(answered, () -> answered.receivedHead(headers, end));
      }
    } else {
      Http2LinkStream ending = ours;
      attempt(ending, () -> ending.receivedTrailers(headers));
    }
  }

  /** Tells one stream something; a user of it that fails loses that stream, not the connection. */
  private void attempt(Http2LinkStream stream, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      log.error("link: who uses a stream failed", e);
      link().refuse(stream.id(), Reset.INTERNAL);
      try {
        stream.receivedReset(Reset.INTERNAL);
      } catch (RuntimeException | Error again) {
        log.error("link: who uses a stream failed again at its end", again);
      }
    }
  }

  private static boolean isInterim(Http2Headers headers) {
    CharSequence status = headers.status();
    return status != null && HttpStatusClass.valueOf(status) == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
    Http2LinkStream ours = link().streamOf(link().connection().stream(id));
    if (ours == null) {
      return data.readableBytes() + padding;
    }
    metrics.received(data.readableBytes());
    attempt(ours, () -> ours.receivedData(data.retain(), end));
    return padding;
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
    Http2LinkStream ours = link().streamOf(link().connection().stream(id));
    if (ours != null) {
      ours.receivedReset(Reset.of(code));
    }
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    link().pingAnswered(data);
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext ctx, int lastId, long code, ByteBuf debug) {
    link().goAwayArrived(debug);
  }
}
