package dev.fairlead.core.http;

import io.netty.handler.codec.http2.Http2Error;

/** Why a stream ended before its time. */
public enum Reset {
  /** One side is no longer interested. */
  CANCEL(Http2Error.CANCEL),
  /** The stream was not processed at all; the request may be sent again elsewhere. */
  REFUSED(Http2Error.REFUSED_STREAM),
  /** The peer, or what it sent, is broken. */
  PROTOCOL(Http2Error.PROTOCOL_ERROR),
  /** Something failed on the way; the message is not complete. */
  INTERNAL(Http2Error.INTERNAL_ERROR),
  /** The connection below is gone. */
  CONNECTION_LOST(Http2Error.INTERNAL_ERROR),
  /** The response is complete; what is left of the request is of no use. */
  NO_ERROR(Http2Error.NO_ERROR);

  private final Http2Error error;

  Reset(Http2Error error) {
    this.error = error;
  }

  long code() {
    return error.code();
  }

  static Reset of(long code) {
    Http2Error error = Http2Error.valueOf(code);
    if (error == null) {
      return INTERNAL;
    }
    return switch (error) {
      case CANCEL, STREAM_CLOSED -> CANCEL;
      case REFUSED_STREAM -> REFUSED;
      case NO_ERROR -> NO_ERROR;
      case PROTOCOL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR, FLOW_CONTROL_ERROR -> PROTOCOL;
      default -> INTERNAL;
    };
  }
}
