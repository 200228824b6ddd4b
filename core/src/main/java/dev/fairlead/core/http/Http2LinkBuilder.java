package dev.fairlead.core.http;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;

/** Builds the codec below an {@link Http2Link} with the bounds of its settings. */
final class Http2LinkBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Link, Http2LinkBuilder> {

  /** Makes the handler around its codec. */
  interface Maker {
    Http2Link make(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initial);
  }

  private static final int HEADER_TABLE = 64 * 1024;

  private final Maker maker;

  Http2LinkBuilder(
      Http2Connection connection, LinkSettings settings, Http2FrameListener frames, Maker maker) {
    this.maker = maker;
    connection(connection);
    frameListener(frames);
    validateHeaders(!settings.trusted());
    encoderIgnoreMaxHeaderListSize(true);
    // Whoever closes has waited for the streams already, or does not want to.
    gracefulShutdownTimeoutMillis(0);
    Http2Settings initial =
        Http2Settings.defaultSettings()
            .initialWindowSize(settings.streamWindow())
            .maxHeaderListSize(settings.maxHeaderList());
    if (connection.isServer()) {
      initial.maxConcurrentStreams(settings.maxStreams());
    } else {
      initial.pushEnabled(false);
      // What this end resets is counted here, and costs a connection no stream; see TakenBack.
      encoderEnforceMaxRstFramesPerWindow(0, 0);
    }
    if (settings.trusted()) {
      // Users who press Ctrl-C become resets here; they must never cost the tunnel.
      decoderEnforceMaxRstFramesPerWindow(0, 0);
      encoderEnforceMaxRstFramesPerWindow(0, 0);
      // Identities repeat from stream to stream; a larger table keeps their groups out of the
      // bytes.
      initial.headerTableSize(HEADER_TABLE);
    }
    initialSettings(initial);
  }

  @Override
  protected Http2Link build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initial) {
    return maker.make(decoder, encoder, initial);
  }

  @Override
  public Http2Link build() {
    return super.build();
  }
}
