package dev.fairlead.core.audit;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Sends events as log records of OpenTelemetry, by OTLP over HTTP in binary Protocol Buffers (OTLP
 * 1.x): to {@code https://HOST:4318/v1/logs} of a collector, say. A record's body is the event as
 * JSON, the same that a file has; what is searched for most is among its attributes, too.
 *
 * <p>When stages complete, what is sent again and what happens when a collector is away is as for
 * {@link WebhookAuditSink}; a collector that takes some records of a batch and rejects others makes
 * the batch fail, and it is not sent again, as OTLP asks for.
 */
public final class OtlpAuditSink implements AuditSink {

  private final RecordQueue queue;

  private OtlpAuditSink(RecordQueue queue) {
    this.queue = queue;
  }

  /**
   * A sink. Connects with the first event.
   *
   * @param delivery where to, and how
   * @param resource who sends, as attributes of a resource, such as {@code service.name}
   * @param time the clock
   * @return the sink, to be closed by the caller
   */
  public static OtlpAuditSink open(HttpDelivery delivery, Map<String, String> resource, Time time) {
    return open(delivery, resource, time, new SecureRandom());
  }

  static OtlpAuditSink open(
      HttpDelivery delivery, Map<String, String> resource, Time time, RandomGenerator random) {
    return new OtlpAuditSink(
        new RecordQueue(
            "fairlead-audit-otlp",
            new HttpOutput(delivery, new OtlpLogs(resource, time), time, random),
            delivery.capacity(),
            delivery.batch()));
  }

  @Override
  public CompletionStage<Void> append(AuditEvent event) {
    return queue.append(event);
  }

  /** Sends what was accepted, once at most, and ends the sink's thread. */
  @Override
  public void close() {
    queue.close();
  }
}
