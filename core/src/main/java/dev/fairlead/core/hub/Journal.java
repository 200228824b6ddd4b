package dev.fairlead.core.hub;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.Time;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.apikey.KeyRecords;
import dev.fairlead.core.audit.AuditException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what is done at the hub itself, as if its objects were resources of the group {@link
 * AuditEvent#HUB_GROUP}. Safe for use by any thread.
 */
final class Journal implements KeyRecords {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final long PATIENCE_SECONDS = 30;

  private final AuditSink sink;
  private final Time time;

  Journal(AuditSink sink, Time time) {
    this.sink = sink;
    this.time = time;
  }

  /** An event about an object of the hub. */
  AuditEvent about(String verb, String resource, String name, @Nullable ClusterName cluster) {
    String path =
        "/apis/" + AuditEvent.HUB_GROUP + "/v1/" + resource + (name.isEmpty() ? "" : "/" + name);
    RequestInfo info =
        new RequestInfo(true, path, verb, AuditEvent.HUB_GROUP, "v1", "", resource, "", name);
    return AuditEvent.received(UUID.randomUUID().toString(), "", path, info, time.instant())
        .on(cluster);
  }

  /**
   * Records that something will be done, does it, and records what came of it.
   *
   * @param facts what to record about what came of it
   * @throws AuditException if the first cannot be recorded; then nothing is done
   */
  <T> T keep(AuditEvent event, Supplier<T> action, Function<T, Map<String, String>> facts) {
    require(event);
    T result;
    try {
      result = action.get();
    } catch (RuntimeException e) {
      note(event, codeOf(e), Map.of("fairlead.dev/reason", String.valueOf(e.getMessage())));
      throw e;
    }
    note(event, 200, facts.apply(result));
    return result;
  }

  @Override
  public <T> T keep(
      String verb, String id, Supplier<T> action, Function<T, Map<String, String>> facts) {
    return keep(about(verb, "apikeys", id, null), action, facts);
  }

  /** Waits until an event is written. */
  void require(AuditEvent event) {
    try {
      sink.append(event).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AuditException("not recorded, so it was not done: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("not recorded, so it was not done: interrupted", e);
    }
  }

  /** Records an end, without waiting. */
  void note(AuditEvent event, int code, Map<String, String> facts) {
    sink.append(completed(event, code, facts))
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                log.error(
                    "audit {}: its end was not recorded: {}", event.auditId(), failure.toString());
              }
            });
  }

  /** The event at its end. */
  AuditEvent completed(AuditEvent event, int code, Map<String, String> facts) {
    return event.reached(AuditEvent.Stage.RESPONSE_COMPLETE, time.instant(), code, facts);
  }

  /** The HTTP status that says what a failure says. */
  static int codeOf(RuntimeException failure) {
    if (!(failure instanceof FairleadException)) {
      return 500;
    }
    if (failure instanceof InvalidException) {
      return 400;
    }
    if (failure instanceof UnauthenticatedException) {
      return 401;
    }
    if (failure instanceof ForbiddenException) {
      return 403;
    }
    if (failure instanceof NotFoundException) {
      return 404;
    }
    if (failure instanceof ConflictException) {
      return 409;
    }
    return failure instanceof LimitException ? 429 : 503;
  }
}
