package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Posts events as {@code EventList} of {@code audit.k8s.io/v1}, as kube-apiserver's webhook backend
 * does. An event's stage completes when the receiver answered 2xx, so that without a receiver no
 * request goes on; where that is too much, put a {@link BufferedAuditSink} before it.
 *
 * <p>All that waits is posted at once, up to a batch, by one thread. A batch that meets a broken
 * connection, a timeout, 408, 429 or 5xx is posted again after pauses that grow; other answers,
 * redirects among them, are final. A receiver may get a batch twice, and tells by audit id and
 * stage. After a batch was given up, one event at a time is tried and all others fail at once,
 * until one is taken.
 */
public final class WebhookAuditSink implements AuditSink {

  private final RecordQueue queue;

  private WebhookAuditSink(RecordQueue queue) {
    this.queue = queue;
  }

  /**
   * A sink. Connects with the first event.
   *
   * @param delivery where to, and how
   * @param time the clock
   * @return the sink, to be closed by the caller
   */
  public static WebhookAuditSink open(HttpDelivery delivery, Time time) {
    return open(delivery, time, new SecureRandom());
  }

  static WebhookAuditSink open(HttpDelivery delivery, Time time, RandomGenerator random) {
    return new WebhookAuditSink(
        new RecordQueue(
            "fairlead-audit-webhook",
            new HttpOutput(delivery, new EventList(), time, random),
            delivery.capacity(),
            delivery.batch()));
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    return queue.append(event);
  }

  /** Posts what was accepted, once at most, and ends the sink's thread. */
  @Override
  public void close() {
    queue.close();
  }

  /** Kubernetes' form of several events. */
  private static final class EventList implements HttpOutput.Format {

    private static final byte[] BEGIN =
        "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["
            .getBytes(StandardCharsets.US_ASCII);

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public byte[] body(List<EncodedEvent> events) throws IOException {
      LineBuffer body = new LineBuffer();
      body.add(BEGIN);
      boolean first = true;
      for (EncodedEvent event : events) {
        if (!first) {
          body.write(',');
        }
        first = false;
        body.add(event.opening());
        body.write('}');
        body.write('}');
      }
      body.write(']');
      body.write('}');
      return body.toByteArray();
    }

    @Override
    public boolean readsAnswer() {
      return false;
    }

    @Override
    public @Nullable String complaint(byte[] answer) {
      return null;
    }
  }
}
