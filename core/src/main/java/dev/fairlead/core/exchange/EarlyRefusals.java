package dev.fairlead.core.exchange;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what is refused before anybody is known, up to so many a minute; the next record tells
 * how many there were beyond. Safe for use by any thread; nothing here blocks.
 */
public final class EarlyRefusals {

  private static final Logger log = LoggerFactory.getLogger(EarlyRefusals.class);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final AuditSink sink;
  private final Time time;
  private final int perMinute;
  private long minute;
  private int recorded;
  private long beyond;

  EarlyRefusals(AuditSink sink, Time time, int perMinute) {
    this.sink = sink;
    this.time = time;
    this.perMinute = perMinute;
    this.minute = time.nanoTime();
  }

  /**
   * Records a refusal, unless there were too many.
   *
   * @param event who was refused what
   * @param code the status that was answered
   * @param reason why, without secrets
   */
  public void record(AuditEvent event, int code, String reason) {
    long unrecorded;
    synchronized (this) {
      long now = time.nanoTime();
      if (now - minute >= MINUTE) {
        minute = now;
        recorded = 0;
      }
      if (recorded == perMinute) {
        beyond++;
        return;
      }
      recorded++;
      unrecorded = beyond;
      beyond = 0;
    }
    Map<String, String> facts = new HashMap<>(event.annotations());
    facts.put("fairlead.dev/reason", reason);
    if (unrecorded > 0) {
      facts.put("fairlead.dev/unrecorded", Long.toString(unrecorded));
    }
    sink.append(event.reached(AuditEvent.Stage.RESPONSE_COMPLETE, time.instant(), code, facts))
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                log.error("audit: a refusal was not recorded: {}", failure.toString());
              }
            });
  }
}
