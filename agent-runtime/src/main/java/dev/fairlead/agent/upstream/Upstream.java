package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.tunnel.AgentReport;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's API server: takes requests, finds connections for them, watches whether it answers,
 * and keeps the agent's credentials for it fresh. Everything runs on one event loop.
 */
public final class Upstream implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upstream.class);
  private static final Duration RELOAD = Duration.ofMinutes(1);
  private static final Duration RELOAD_AFTER_REFUSAL = Duration.ofSeconds(5);

  private final ApiServer server;
  private final EventLoop loop;
  private final Executor blocking;
  private final Time time;
  private final LinkMetrics metrics;
  private final Health health;
  private ApiAccess access;
  private Connections connections;
  private Time.@Nullable Scheduled nextReload;
  private boolean reloading;
  private boolean reloadFailed;
  private long lastReload;
  private boolean closed;

  private Upstream(
      ApiServer server,
      ApiAccess access,
      EventLoop loop,
      Executor blocking,
      Time time,
      LinkMetrics metrics,
      Consumer<AgentReport> reports) {
    this.server = server;
    this.access = access;
    this.loop = loop;
    this.blocking = blocking;
    this.time = time;
    this.metrics = metrics;
    this.health = new Health(this, time, reports);
    this.connections = newConnections();
    this.lastReload = time.nanoTime();
  }

  /**
   * Reads how to reach an API server, and begins to watch it. Blocks.
   *
   * @param server the API server
   * @param loop where it runs
   * @param blocking runs what may block: name resolution, files, exec plugins
   * @param time when to look after it
   * @param metrics what counts on its connections
   * @param reports gets how it stands, on the event loop, at first and after each change
   * @return the upstream
   * @throws InvalidException if a file or something in it is missing or not what it has to be
   */
  public static Upstream open(
      ApiServer server,
      EventLoop loop,
      Executor blocking,
      Time time,
      LinkMetrics metrics,
      Consumer<AgentReport> reports) {
    Objects.requireNonNull(reports, "reports");
    Upstream upstream = new Upstream(server, server.load(), loop, blocking, time, metrics, reports);
    loop.execute(
        () -> {
          upstream.health.start();
          upstream.scheduleReload();
        });
    return upstream;
  }

  /**
   * Where requests are to be opened and responses arrive.
   *
   * @return the event loop
   */
  public EventExecutor executor() {
    return loop;
  }

  /**
   * Sends a request; never throws. It goes by HTTP/2 if the API server speaks it, a short read also
   * by an idle HTTP/1.1 connection, an upgrade by one of its own. If there is no answer to relay,
   * the answer is a {@code metav1.Status} with 429, 502 or 503. On the event loop.
   *
   * @param head the request's head; where it goes and the agent's credentials are added
   * @param end whether the request ends with it
   * @param lasting whether the answer may go on for as long as the user likes
   * @param proxied whether the answer is some other program's, behind the API server: then 401 is
   *     relayed; otherwise it concerns the agent's credentials, not the user's
   * @param listener gets the response
   * @return the stream
   */
  public HttpStream open(
      Http2Headers head,
      boolean end,
      boolean lasting,
      boolean proxied,
      HttpStream.Listener listener) {
    UpstreamExchange exchange = new UpstreamExchange(this, head, end, lasting, proxied, listener);
    // Not at once, so that nothing is called back before the caller has the stream.
    loop.execute(() -> take(exchange));
    return exchange;
  }

  /** Resets what is under way and closes all connections. Any thread, more than once. */
  @Override
  public void close() {
    runInLoop(
        () -> {
          if (!closed) {
            closed = true;
            health.stop();
            if (nextReload != null) {
              nextReload.cancel();
            }
            connections.close();
          }
        });
  }

  // Below: package-private; on the event loop.

  void runInLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the event loop is stopped, and the connections with it");
    }
  }

  void take(UpstreamExchange exchange) {
    if (!exchange.isOver()) {
      connections.take(exchange);
    }
  }

  void cancelled(UpstreamExchange exchange) {
    connections.cancelled(exchange);
  }

  /** The API server answered 401: perhaps the credentials have changed in the meantime. */
  void credentialsRefused() {
    if (time.nanoTime() - lastReload >= RELOAD_AFTER_REFUSAL.toNanos()) {
      reload();
    }
  }

  private Connections newConnections() {
    return new Connections(
        access, new Connector(access, loop, blocking), loop, time, metrics, health::lookNow);
  }

  private void scheduleReload() {
    if (!closed) {
      nextReload = time.schedule(RELOAD, () -> runInLoop(this::reload));
    }
  }

  private void reload() {
    if (reloading || closed) {
      return;
    }
    reloading = true;
    lastReload = time.nanoTime();
    if (nextReload != null) {
      nextReload.cancel();
    }
    try {
      blocking.execute(this::loadAnew);
    } catch (RejectedExecutionException e) {
      log.debug("the agent is being closed");
    }
  }

  private void loadAnew() {
    Runnable next;
    try {
      ApiAccess loaded = server.load();
      next = () -> use(loaded);
    } catch (RuntimeException e) {
      next = () -> couldNotReload(e);
    }
    runInLoop(next);
  }

  private void use(ApiAccess loaded) {
    reloading = false;
    reloadFailed = false;
    boolean same = access.sameConnections(loaded);
    access = loaded;
    if (closed) {
      return;
    }
    if (same) {
      connections.use(loaded);
    } else {
      log.info("the API server's address or the agent's certificate for it changed");
      Connections old = connections;
      connections = newConnections();
      old.drain(connections);
    }
    scheduleReload();
  }

  private void couldNotReload(RuntimeException cause) {
    reloading = false;
    if (!reloadFailed) {
      reloadFailed = true;
      log.warn("credentials for the API server cannot be read again: {}", cause.getMessage());
    }
    scheduleReload();
  }
}
