package dev.fairlead.core.http;

import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells which streams of a link have something to send that the peer's window does not let through.
 * It looks after a flush, and only at streams that wrote, or moved, since the last one. On the
 * event loop only.
 */
final class Stalls {

  private final Http2Link link;
  private final LinkMetrics metrics;
  private List<Http2LinkStream> wrote = new ArrayList<>();
  private List<Http2LinkStream> looking = new ArrayList<>();

  Stalls(Http2Link link, LinkMetrics metrics) {
    this.link = link;
    this.metrics = metrics;
  }

  void wrote(Http2LinkStream stream) {
    if (!stream.written) {
      stream.written = true;
      wrote.add(stream);
    }
  }

  void look() {
    List<Http2LinkStream> now = wrote;
    wrote = looking;
    looking = now;
    for (Http2LinkStream stream : now) {
      stream.written = false;
      Http2Stream codec = stream.codec();
      set(
          stream,
          codec != null
              && stream.unsent() > 0
              && link.encoder().flowController().windowSize(codec) <= 0);
    }
    now.clear();
  }

  void closed(Http2LinkStream stream) {
    set(stream, false);
  }

  private void set(Http2LinkStream stream, boolean stalled) {
    if (stream.stalled != stalled) {
      stream.stalled = stalled;
      if (stalled) {
        metrics.stalled();
      } else {
        metrics.goesOn();
      }
    }
  }
}
