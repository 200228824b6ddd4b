package dev.fairlead.agent.upstream;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to the API server, from before there is a connection for it. What goes wrong before a
 * response's head becomes a response that says so; afterwards it is a reset. State is touched on
 * the upstream's event loop only.
 */
final class UpstreamExchange implements HttpStream {

  /** Opens a stream of some connection. */
  interface Opener {
    HttpStream open(Http2Headers head, boolean end, Listener listener);
  }

  private record Held(ByteBuf data, boolean end) {}

  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD");

  private final Upstream upstream;
  private final Http2Headers head;
  private final boolean end;
  private final boolean lasting;
  private final boolean proxied;
  private final Listener listener;
  private final Queue<Held> held = new ArrayDeque<>();
  private @Nullable HttpStream stream;
  private BooleanSupplier endedForOthers = () -> false;
  private boolean bodySent;
  private boolean triedTwice;
  private boolean headSeen;
  private boolean answered;
  private boolean over;

  UpstreamExchange(
      Upstream upstream,
      Http2Headers head,
      boolean end,
      boolean lasting,
      boolean proxied,
      Listener listener) {
    this.upstream = upstream;
    this.head = head;
    this.end = end;
    this.lasting = lasting;
    this.proxied = proxied;
    this.listener = listener;
  }

  boolean isUpgrade() {
    return head.contains(Heads.PROTOCOL);
  }

  /** Whether it changes nothing and its answer ends by itself; not when it is tried again. */
  boolean isShortRead() {
    return end && !lasting && !triedTwice && !isUpgrade() && isRead();
  }

  private boolean isRead() {
    return REPEATABLE.contains(head.method().toString());
  }

  boolean isOver() {
    return over;
  }

  /**
   * Sends the request.
   *
   * @param ended asked when the connection is lost: whether it may have ended for what others did
   *     on it, or before the request came
   * @throws dev.fairlead.api.FairleadException if the connection does not take it; another may
   */
  void start(Opener opener, BooleanSupplier ended, ApiAccess access) {
    Http2Headers sent = access.address(Heads.create().setAll(head));
    endedForOthers = ended;
    stream = opener.open(sent, end, new FromServer());
    HttpStream opened = stream;
    bodySent |= !held.isEmpty();
    for (Held next; (next = held.poll()) != null; ) {
      opened.sendData(next.data(), next.end());
    }
  }

  /** Answers in the API server's place. */
  void answer(StatusReason reason, String message) {
    if (over || answered || headSeen) {
      return;
    }
    answered = true;
    dropHeld();
    byte[] body = KubernetesStatus.of(reason, message).toJson();
    boolean toHead = "HEAD".contentEquals(head.method());
    Http2Headers response =
        Heads.create()
            .status(Integer.toString(reason.code()))
            .set("content-type", KubernetesStatus.CONTENT_TYPE)
            .set("x-content-type-options", "nosniff")
            .set("content-length", Integer.toString(body.length));
    listener.onHead(response, toHead);
    if (!toHead) {
      listener.onData(Unpooled.wrappedBuffer(body), true);
    }
  }

  private void dropHeld() {
    for (Held next; (next = held.poll()) != null; ) {
      int bytes = next.data().readableBytes();
      next.data().release();
      listener.onSent(bytes);
    }
  }

  @Override
  public EventExecutor executor() {
    return upstream.executor();
  }

  @Override
  public void listen(Listener other) {
    throw new IllegalStateException("exchange: has a listener already (expected: listen once)");
  }

  @Override
  public void sendHead(Http2Headers other, boolean otherEnd) {
    throw new IllegalStateException("exchange: has a head already (expected: one per stream)");
  }

  @Override
  public void sendData(ByteBuf data, boolean last) {
    upstream.runInLoop(
        () -> {
          HttpStream present = stream;
          if (over || answered) {
            int bytes = data.readableBytes();
            data.release();
            listener.onSent(bytes);
          } else if (present != null) {
            bodySent = true;
            present.sendData(data, last);
          } else {
            // Bounded by the requester's window, as nothing is given back yet.
            held.add(new Held(data, last));
          }
        });
  }

  /** Kubernetes knows no trailers in requests, so no user gets to say anything in them. */
  @Override
  public void sendTrailers(Http2Headers trailers) {
    sendData(Unpooled.EMPTY_BUFFER, true);
  }

  @Override
  public void consume(int bytes) {
    upstream.runInLoop(
        () -> {
          if (stream != null && !answered) {
            stream.consume(bytes);
          }
        });
  }

  @Override
  public void reset(Reset reason) {
    upstream.runInLoop(
        () -> {
          if (!over) {
            over = true;
            dropHeld();
            if (stream != null) {
              stream.reset(reason);
            }
            upstream.cancelled(this);
          }
        });
  }

  /** Listens to the API server. */
  private final class FromServer implements Listener {

    @Override
    public void onHead(Http2Headers response, boolean last) {
      if (over || answered) {
        return;
      }
      int status = Heads.status(response);
      if (status == 401 && !proxied) {
        // Whom it did not accept is the agent; a user would take it for the own token.
        upstream.credentialsRefused();
        answer(
            StatusReason.SERVICE_UNAVAILABLE,
            "the API server of this cluster does not accept its agent's credentials");
        if (stream != null) {
          stream.reset(Reset.CANCEL);
        }
        return;
      }
      headSeen = true;
      removeForeignPseudoHeaders(response, status == 101);
      listener.onHead(response, last);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
      if (over || answered) {
        data.release();
      } else {
        listener.onData(data, last);
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      if (!over && !answered) {
        removeForeignPseudoHeaders(trailers, false);
        trailers.remove(Http2Headers.PseudoHeaderName.STATUS.value());
        listener.onTrailers(trailers);
      }
    }

    @Override
    public void onReset(Reset reason) {
      if (over || answered) {
        return;
      }
      if (headSeen) {
        over = true;
        listener.onReset(reason);
      } else if (mayRepeat(reason)) {
        triedTwice = true;
        stream = null;
        upstream.take(UpstreamExchange.this);
      } else if (reason == Reset.PROTOCOL) {
        answer(
            StatusReason.BAD_GATEWAY,
            "the API server of this cluster gave an answer that cannot be relayed");
      } else {
        answer(
            StatusReason.SERVICE_UNAVAILABLE,
            "the API server of this cluster closed the connection before it answered its agent");
      }
    }

    @Override
    public void onSent(int bytes) {
      listener.onSent(bytes);
    }

    /**
     * What the server did not process (RFC 9113, section 8.7), and what changes nothing (RFC 9110,
     * section 9.2.2) where the connection ended for no fault of this request. Once.
     */
    private boolean mayRepeat(Reset reason) {
      if (triedTwice || bodySent || isUpgrade()) {
        return false;
      }
      return reason == Reset.REFUSED
          || (reason == Reset.CONNECTION_LOST && end && isRead() && endedForOthers.getAsBoolean());
    }
  }

  private static void removeForeignPseudoHeaders(Http2Headers response, boolean switched) {
    for (Map.Entry<CharSequence, CharSequence> field : Heads.create().setAll(response)) {
      CharSequence name = field.getKey();
      boolean known =
          Http2Headers.PseudoHeaderName.STATUS.value().contentEquals(name)
              || (switched && Heads.PROTOCOL.contentEquals(name));
      if (name.length() > 0 && name.charAt(0) == ':' && !known) {
        response.remove(name);
      }
    }
  }
}
