package dev.fairlead.core.administration;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.exchange.Caller;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records one call, before anything is done and afterwards. On one thread. */
final class Act {

  private static final Logger log = LoggerFactory.getLogger(Act.class);
  private static final int SECONDS = 10;

  private final AuditSink sink;
  private final InstantSource time;
  private final AuditEvent received;
  private final Map<String, String> notes = new TreeMap<>();

  private Act(AuditSink sink, InstantSource time, AuditEvent received) {
    this.sink = sink;
    this.time = time;
    this.received = received;
  }

  static Act begin(
      AuditSink sink, InstantSource time, RestCall call, Caller caller, String verb, String name) {
    String resource = call.segments().get(0).replace("-", "");
    String subresource = "explain".equals(name) ? name : "";
    String object = subresource.isEmpty() ? name : "";
    String path =
        "/apis/"
            + AuditEvent.HUB_GROUP
            + "/v1/"
            + resource
            + (object.isEmpty() ? "" : "/" + object)
            + (subresource.isEmpty() ? "" : "/" + subresource);
    RequestInfo info =
        new RequestInfo(
            true, path, verb, AuditEvent.HUB_GROUP, "v1", "", resource, subresource, object);
    Act act =
        new Act(
            sink,
            time,
            AuditEvent.received(
                    UUID.randomUUID().toString(),
                    call.method(),
                    call.target().rawPath(),
                    info,
                    time.instant())
                .by(caller.identity(), null)
                .from(call.sourceIp(), call.userAgent()));
    act.note("credential", caller.credentialId());
    return act;
  }

  /** Tells more of it; nothing secret. */
  void note(String key, String value) {
    notes.put(AuditEvent.HUB_GROUP + "/" + key, value);
  }

  /**
   * Records that it is about to be done.
   *
   * @throws RestProblemException with 503 if it could not be; then it must not be done
   */
  void received() {
    if (!append(Stage.REQUEST_RECEIVED, null)) {
      throw new RestProblemException(
          503, "audit: this could not be recorded, so it was not done (expected: a working sink)");
    }
  }

  /** Records what came of it; an answer that could not be recorded is not given. */
  RestAnswer complete(RestAnswer answer) {
    return append(Stage.RESPONSE_COMPLETE, answer.status())
        ? answer
        : RestAnswer.problem(
            500, "audit: what came of this could not be recorded (expected: a working sink)");
  }

  private boolean append(Stage stage, @Nullable Integer status) {
    try {
      sink.append(received.reached(stage, time.instant(), status, Map.copyOf(notes)))
          .toCompletableFuture()
          .get(SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      log.error("administration: not recorded", e);
    }
    return false;
  }
}
