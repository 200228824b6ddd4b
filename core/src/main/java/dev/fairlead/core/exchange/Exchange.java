package dev.fairlead.core.exchange;

import dev.fairlead.api.Identity;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way, from the door to its end.
 *
 * @param stream brought the request, and takes the response
 * @param head the request's head as the client sent it
 * @param end whether the request ends with its head
 * @param where the cluster, and the target as the cluster is to see it
 * @param caller who calls
 * @param impersonation who they act as, or null if they act as themselves
 * @param request what it means to Kubernetes
 * @param trail its audit events
 * @param standing whether it may still go on
 * @param patience how long all of it may take, or null for ever
 * @param refusals counts what is answered in the cluster's place
 * @param over completes once, when nothing more is sent or received, whatever the end was
 */
record Exchange(
    Returnable stream,
    Http2Headers head,
    boolean end,
    ClusterRequest where,
    Caller caller,
    @Nullable Impersonation impersonation,
    KubernetesRequest request,
    Trail trail,
    Standing standing,
    @Nullable Duration patience,
    RefusalCounts refusals,
    CompletableFuture<Void> over) {

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** Who the request runs as. */
  Identity runsAs() {
    return impersonation == null ? caller.identity() : impersonation.identity();
  }

  /** Runs something when the exchange is over, at once if it is. */
  void whenOver(Runnable task) {
    over.thenRun(task);
  }

  /**
   * Records the refusal, and then answers; an answer that cannot be recorded is still a refusal.
   */
  void refuse(KubernetesStatus refusal) {
    if (over.isDone()) {
      return;
    }
    trail.complete(refusal.code()).whenComplete((nothing, failure) -> answer(refusal));
  }

  /** Refuses as the API server does what the caller may not do. */
  void forbid(String message) {
    RequestInfo info = request.info();
    refuse(KubernetesStatus.forbidden(info.apiGroup(), info.resource(), info.name(), message));
  }

  /** Answers in the cluster's place, without a record. */
  void answer(KubernetesStatus refusal) {
    if (over.complete(null)) {
      refusals.count(refusal.code());
      Refusal.send(stream, head, refusal);
    }
  }

  /** Does something of this exchange; if that fails as nobody foresaw, the exchange ends here. */
  void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      panic(e);
    }
  }

  /** Answers, and records, that the hub failed; nothing of the failure itself is shown. */
  void panic(Throwable failure) {
    KubernetesStatus answer = failed(failure);
    if (!over.isDone()) {
      trail.panic(answer.code()).whenComplete((nothing, unrecorded) -> answer(answer));
    }
  }

  /** Logs a failure of the hub's own, and says what is answered then. */
  KubernetesStatus failed(Throwable failure) {
    log.error("audit {}: the hub failed", trail.auditId(), failure);
    return KubernetesStatus.of(
        StatusReason.INTERNAL_ERROR,
        "the hub failed with this request; its log tells why, under audit id " + trail.auditId());
  }

  /** What is answered when the time is up. */
  KubernetesStatus late() {
    return KubernetesStatus.of(
        StatusReason.TIMEOUT,
        "no answer within "
            + patience
            + " (expected: sooner; ask for less, or for up to 1m by timeout=)");
  }
}
