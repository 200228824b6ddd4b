package dev.fairlead.core.exchange;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.RequestUri;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RequestTarget;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit events of one request, in the order of their stages. */
final class Trail {

  private static final Logger log = LoggerFactory.getLogger(Trail.class);

  private final AuditSink sink;
  private final Time time;
  private final long begin;
  private final String auditId;
  private volatile AuditEvent received;
  private final Map<String, String> annotations = new HashMap<>();
  private CompletionStage<Void> last = CompletableFuture.completedStage(null);

  Trail(
      AuditSink sink,
      Time time,
      Recording recording,
      String auditId,
      ClusterName cluster,
      RequestTarget target,
      KubernetesRequest request,
      Caller caller) {
    this.sink = sink;
    this.time = time;
    this.begin = time.nanoTime();
    this.auditId = auditId;
    String uri =
        recording.commands() || !request.info().subresource().equals("exec")
            ? target.raw()
            : RequestUri.withoutCommands(target.raw());
    this.received =
        AuditEvent.received(
                auditId, request.method(), RequestUri.redacted(uri), request.info(), time.instant())
            .on(cluster)
            .by(caller.identity(), null)
            .from(caller.sourceIp(), caller.userAgent());
    annotate(Fact.CREDENTIAL, caller.credentialId());
  }

  String auditId() {
    return auditId;
  }

  /** From now on the request runs as somebody else than its caller. */
  void impersonating(Identity instead) {
    received = received.by(received.user(), instead);
  }

  synchronized void annotate(Fact fact, String value) {
    annotations.put(fact.key(), value);
  }

  /** Records that the request was received; without it nothing may be sent to the cluster. */
  synchronized CompletionStage<Void> received() {
    last = append(AuditEvent.Stage.REQUEST_RECEIVED, null);
    return last;
  }

  /** Records the beginning of a response that may last. */
  void responseStarted(int status) {
    afterLast(AuditEvent.Stage.RESPONSE_STARTED, status);
  }

  /** Records that it still runs, unless what was recorded last is not written yet. */
  synchronized void running(int status) {
    if (last.toCompletableFuture().isDone()) {
      annotateDuration();
      afterLast(AuditEvent.Stage.RESPONSE_STARTED, status);
    }
  }

  /** Records the end. */
  CompletionStage<Void> complete(@Nullable Integer status) {
    annotateDuration();
    return afterLast(AuditEvent.Stage.RESPONSE_COMPLETE, status);
  }

  /** Records that the hub failed. */
  CompletionStage<Void> panic(int status) {
    annotateDuration();
    return afterLast(AuditEvent.Stage.PANIC, status);
  }

  private void annotateDuration() {
    annotate(Fact.DURATION, Long.toString(Duration.ofNanos(time.nanoTime() - begin).toMillis()));
  }

  private synchronized CompletionStage<Void> afterLast(
      AuditEvent.Stage stage, @Nullable Integer status) {
    AuditEvent event = event(stage, status);
    last = last.thenCompose(nothing -> sink.append(event));
    last.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            log.error(
                "audit {}: {} was not recorded: {}",
                auditId,
                stage.kubernetesName(),
                failure.toString());
          }
        });
    return last;
  }

  private CompletionStage<Void> append(AuditEvent.Stage stage, @Nullable Integer status) {
    try {
      return Objects.requireNonNull(sink.append(event(stage, status)), "an audit sink's stage");
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private AuditEvent event(AuditEvent.Stage stage, @Nullable Integer status) {
    return received.reached(stage, time.instant(), status, annotations);
  }
}
