package dev.fairlead.gateway;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Http2Link;
import io.netty.channel.Channel;

/**
 * Closes a connection of HTTP/2 that no request came on in time, or none for long, and that has
 * none under way. Bytes that are no whole request, and pings, keep nothing open. On the event loop
 * only.
 */
final class SlowHttp2 {

  private final Channel channel;
  private final Http2Link link;
  private final Runnable slow;
  private final Cutoff cutoff;
  private int lastSeen;

  private SlowHttp2(Channel channel, Http2Link link, Time time, Runnable slow) {
    this.channel = channel;
    this.link = link;
    this.slow = slow;
    this.cutoff = new Cutoff(channel, time, this::look);
  }

  /**
   * Watches a connection.
   *
   * @param slow called before it is closed without any request
   */
  static void watch(Channel channel, Http2Link link, Time time, Runnable slow) {
    new SlowHttp2(channel, link, time, slow).cutoff.in(SlowHttp1.FIRST_HEAD);
  }

  private void look() {
    int last = link.connection().remote().lastStreamCreated();
    if (link.connection().numActiveStreams() > 0 || last != lastSeen) {
      lastSeen = last;
      cutoff.in(SlowHttp1.IDLE);
    } else {
      if (last == 0) {
        slow.run();
      }
      channel.close();
    }
  }
}
