package dev.fairlead.agent.upstream;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Time;
import dev.fairlead.core.http.Http2Link;
import dev.fairlead.core.http.LinkListener;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.status.StatusReason;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one API server: a few HTTP/2 ones and beside them some of HTTP/1.1 for short
 * reads, or a pool of HTTP/1.1 ones if it does not speak HTTP/2, and one for each upgrade. They are
 * made when they are needed; after a failure, not again at once. On the event loop only.
 */
final class Connections {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /** API servers take 100 streams on each as a rule; a tunnel brings up to 1,000. */
  private static final int MOST_LINKS = 10;

  private static final int MOST_WAITING = 1_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Connector connector;
  private final Time time;
  private final LinkMetrics metrics;
  private final Runnable onLost;
  private final List<Http2Link> links = new ArrayList<>();
  private final Set<Http2Link> worn = new HashSet<>();
  private final ShortReads shortReads;
  private final Http1Pool http1Pool;
  private final Upgrades upgrades;
  private final List<Channel> channels = new ArrayList<>();
  private final Deque<UpstreamExchange> waiting = new ArrayDeque<>();
  private ApiAccess access;
  private boolean http1;
  private int connecting;
  private int failures;
  private long pauseUntil;
  private String lastFailure = "it was not asked yet";
  private boolean draining;
  private boolean closed;

  Connections(
      ApiAccess access,
      Connector connector,
      EventLoop loop,
      Time time,
      LinkMetrics metrics,
      Runnable onLost) {
    this.access = access;
    this.connector = connector;
    this.shortReads = new ShortReads(connector, loop, time, metrics);
    this.http1Pool = new Http1Pool(loop, time, metrics, this::startWaiting);
    this.upgrades = new Upgrades(connector, metrics);
    this.time = time;
    this.metrics = metrics;
    this.onLost = onLost;
    this.pauseUntil = time.nanoTime();
  }

  void use(ApiAccess changed) {
    access = changed;
  }

  void take(UpstreamExchange exchange) {
    if (closed) {
      unreachable(exchange, "the agent is being closed");
    } else if (exchange.isUpgrade()) {
      upgrades.take(exchange, access);
    } else if (!startNow(exchange)) {
      if (waiting.size() >= MOST_WAITING || isFull()) {
        exchange.answer(
            StatusReason.TOO_MANY_REQUESTS,
            "the agent of this cluster has as many requests under way as its API server takes");
      } else if (connecting == 0 && time.nanoTime() - pauseUntil < 0) {
        unreachable(exchange, lastFailure);
      } else {
        waiting.add(exchange);
        connectIfNeeded();
      }
    }
  }

  void cancelled(UpstreamExchange exchange) {
    waiting.remove(exchange);
  }

  private boolean isFull() {
    return http1 ? http1Pool.size() + connecting >= Http1Pool.MOST : links.size() >= MOST_LINKS;
  }

  private boolean startNow(UpstreamExchange exchange) {
    try {
      if (exchange.isShortRead()) {
        if (startOn(exchange, shortReads::poll)) {
          return true;
        }
        if (!links.isEmpty()) {
          shortReads.grow();
        }
      }
      for (Http2Link link : List.copyOf(links)) {
        if (link.takesStreams() && tryStart(exchange, link::open, link::isEndedByPeer)) {
          return true;
        }
      }
      return startOn(exchange, http1Pool::poll);
    } catch (IllegalArgumentException e) {
      exchange.answer(StatusReason.BAD_REQUEST, String.valueOf(e.getMessage()));
      return true;
    }
  }

  private boolean startOn(UpstreamExchange exchange, Supplier<Http1Pool.@Nullable Lease> idle) {
    for (Http1Pool.Lease lease; (lease = idle.get()) != null; ) {
      if (tryStart(exchange, lease.opener(), lease::mayHaveEndedBefore)) {
        return true;
      }
    }
    return false;
  }

  private boolean tryStart(
      UpstreamExchange exchange, UpstreamExchange.Opener opener, BooleanSupplier ended) {
    try {
      exchange.start(opener, ended, access);
      return true;
    } catch (FairleadException full) {
      log.debug("connection takes no further request: {}", full.getMessage());
      return false;
    }
  }

  private void connectIfNeeded() {
    int wanted = http1 ? Math.min(waiting.size(), Http1Pool.MOST - http1Pool.size()) : 1;
    while (!waiting.isEmpty() && connecting < wanted && (http1 || links.size() < MOST_LINKS)) {
      connecting++;
      connector.connect(true, new ForPlain());
    }
  }

  private void startWaiting() {
    while (!waiting.isEmpty()) {
      UpstreamExchange next = waiting.element();
      if (!startNow(next)) {
        connectIfNeeded();
        return;
      }
      waiting.remove(next);
    }
  }

  private void failed(String reason, @Nullable Throwable cause) {
    log.debug("API server: {}", reason, cause);
    long pause = FIRST_PAUSE.toNanos() << Math.min(failures++, 5);
    pauseUntil = time.nanoTime() + Math.min(pause, LONGEST_PAUSE.toNanos());
    lastFailure = reason;
    if (connecting == 0 || !http1) {
      for (UpstreamExchange next; (next = waiting.poll()) != null; ) {
        unreachable(next, reason);
      }
    }
  }

  static void unreachable(UpstreamExchange exchange, String reason) {
    exchange.answer(
        StatusReason.SERVICE_UNAVAILABLE,
        "the API server of this cluster cannot be reached by its agent: " + reason);
  }

  /** Lets what is under way end; what waits goes to others. */
  void drain(Connections others) {
    draining = true;
    links.forEach(Http2Link::drain);
    links.clear();
    worn.clear();
    shortReads.drain();
    http1Pool.drain();
    for (UpstreamExchange next; (next = waiting.poll()) != null; ) {
      others.take(next);
    }
  }

  void close() {
    closed = true;
    failed("the agent is being closed", null);
    for (UpstreamExchange next; (next = waiting.poll()) != null; ) {
      unreachable(next, lastFailure);
    }
    upgrades.close();
    shortReads.drain();
    shortReads.drop();
    http1Pool.drain();
    List.copyOf(channels).forEach(Channel::close);
  }

  /** A connection for whatever waits. */
  private final class ForPlain implements Connector.Outcome {

    @Override
    public void connected(Channel channel, boolean http2) {
      if (closed || draining) {
        connecting--;
        channel.close();
        return;
      }
      channels.add(channel);
      channel.closeFuture().addListener(future -> channels.remove(channel));
      if (http2) {
        http1 = false;
        LinkEnd end = new LinkEnd();
        end.link = Http2Link.client(LinkSettings.UPSTREAM, time, metrics, end);
        channel.pipeline().addLast(end.link);
      } else {
        http1 = true;
        connecting--;
        succeeded();
        http1Pool.add(channel);
      }
    }

    @Override
    public void failed(String reason, Throwable cause) {
      connecting--;
      if (links.isEmpty()) {
        shortReads.drop();
      }
      Connections.this.failed(reason, cause);
    }
  }

  private void succeeded() {
    failures = 0;
    pauseUntil = time.nanoTime();
  }

  /** An HTTP/2 connection's events. */
  private final class LinkEnd implements LinkListener {

    private @Nullable Http2Link link;
    private boolean open;

    @Override
    public void onOpen() {
      open = true;
      connecting--;
      succeeded();
      if (link != null) {
        links.removeAll(worn);
        worn.forEach(Http2Link::drain);
        worn.clear();
        links.add(link);
      }
      startWaiting();
    }

    /** Nobody is to wait for the next connection. */
    @Override
    public void onWorn() {
      if (link != null && links.contains(link)) {
        worn.add(link);
        if (connecting == 0) {
          connecting++;
          connector.connect(true, new ForPlain());
        }
      }
    }

    @Override
    public void onDraining() {
      forget();
      if (link != null) {
        link.drain();
      }
    }

    @Override
    public void onAlive() {
      // Health asks for more than signs of life.
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      forget();
      if (cause != null && link != null && !link.isEndedByPeer()) {
        shortReads.drop();
      }
      if (!open) {
        connecting--;
        failed("it does not answer in time", cause);
      } else if (cause != null) {
        log.debug("connection to the API server lost: {}", cause.toString());
      }
      onLost.run();
    }

    private void forget() {
      if (link != null) {
        links.remove(link);
        worn.remove(link);
      }
    }
  }
}
