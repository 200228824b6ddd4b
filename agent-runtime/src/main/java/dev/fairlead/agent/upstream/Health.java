package dev.fairlead.agent.upstream;

import dev.fairlead.api.Time;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.AgentReport;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server for its version, as the agent itself, again and again: an answer proves more
 * than a sign of life. A silent API server is found within {@link #INTERVAL} plus {@link
 * #PATIENCE}. On the event loop only.
 */
final class Health {

  /** From one answer to the next question. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** How long an answer may take. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Logger log = LoggerFactory.getLogger(Health.class);

  private final Upstream upstream;
  private final Time time;
  private final Consumer<AgentReport> reports;
  private @Nullable Look current;
  private Time.@Nullable Scheduled next;
  private @Nullable AgentReport last;
  private boolean stopped;

  Health(Upstream upstream, Time time, Consumer<AgentReport> reports) {
    this.upstream = upstream;
    this.time = time;
    this.reports = reports;
  }

  void start() {
    look();
  }

  /** Does not wait for the next regular look, as something happened. */
  void lookNow() {
    if (current == null) {
      look();
    }
  }

  void stop() {
    stopped = true;
    cancelNext();
    if (current != null) {
      current.cancel();
    }
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
    }
  }

  private void look() {
    cancelNext();
    if (!stopped) {
      Look look = new Look();
      current = look;
      look.begin();
    }
  }

  private void concluded(boolean reaches, @Nullable String version, String why) {
    current = null;
    if (stopped) {
      return;
    }
    AgentReport former = last;
    String known = version != null || former == null ? version : former.version();
    AgentReport report = new AgentReport(reaches, known);
    if (!report.equals(former)) {
      last = report;
      if (!reaches) {
        log.warn("the API server cannot be reached: {}", why);
      } else if (former == null || !former.reachesApiServer()) {
        log.info("the API server is reached; its version is {}", known);
      }
      reports.accept(report);
    }
    next = time.schedule(INTERVAL, () -> upstream.runInLoop(this::look));
  }

  /** One question and its answer. */
  private final class Look implements HttpStream.Listener {

    private final VersionBody body = new VersionBody();
    private @Nullable HttpStream stream;
    private Time.@Nullable Scheduled deadline;
    private int status;
    private boolean over;

    void begin() {
      Http2Headers head =
          Heads.create()
              .method("GET")
              .path("/version")
              .set("accept", "application/json")
              .set("user-agent", "fairlead-agent");
      deadline = time.schedule(PATIENCE, () -> upstream.runInLoop(this::tooLate));
      // As what lasts, by HTTP/2, on which the rest depends.
      stream = upstream.open(head, true, true, false, this);
    }

    void cancel() {
      over = true;
      if (deadline != null) {
        deadline.cancel();
      }
      if (stream != null) {
        stream.reset(Reset.CANCEL);
      }
    }

    private void tooLate() {
      if (!over) {
        cancel();
        concluded(false, null, "no answer within " + PATIENCE.toSeconds() + " s");
      }
    }

    private void end() {
      if (!over) {
        over = true;
        if (deadline != null) {
          deadline.cancel();
        }
        // Who may not see the version still reaches the API server.
        boolean reaches = status == 200 || status == 403;
        concluded(reaches, body.gitVersion(), "it answered " + status);
      }
    }

    @Override
    public void onHead(Http2Headers head, boolean end) {
      status = Heads.status(head);
      if (end) {
        end();
      }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      int bytes = data.readableBytes();
      try {
        body.add(data);
      } finally {
        data.release();
      }
      if (stream != null) {
        stream.consume(bytes);
      }
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
      if (status == 0) {
        status = 503;
      }
      end();
    }

    @Override
    public void onSent(int bytes) {
      // Nothing but a head is sent.
    }
  }
}
