package dev.fairlead.core.pipe;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a hub's endpoint, which may block, on threads of its own: tunnels apart from enrolments, so
 * that strangers who enrol cannot hold up agents. Both are bounded; what does not fit is refused at
 * once. Safe for use by any thread.
 */
public final class EndpointCalls implements AutoCloseable {

  /** What a request for a certificate comes to; one call, on any thread. */
  public interface Answer {

    /**
     * The hub issued a certificate.
     *
     * @param enrolment the chain
     */
    void certified(Enrolment enrolment);

    /**
     * The hub did not.
     *
     * @param refusal why, in words made for the agent
     */
    void refused(FairleadException refusal);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EndpointCalls.class);

  private static final int ENROL_THREADS = 8;
  private static final int ENROL_QUEUE = 56;
  private static final int ACCEPT_THREADS = 16;
  private static final int ACCEPT_QUEUE = 16_384;
  private static final int CLOSE_SECONDS = 10;

  private final HubEndpoint endpoint;
  private final ThreadPoolExecutor enrolments;
  private final ThreadPoolExecutor accepts;

  /**
   * Makes the calls of one transport.
   *
   * @param transport its name, for its threads
   * @param endpoint the hub
   */
  public EndpointCalls(String transport, HubEndpoint endpoint) {
    this.endpoint = endpoint;
    this.enrolments =
        DaemonThreads.blocking("fairlead-" + transport + "-enrol", ENROL_THREADS, ENROL_QUEUE);
    this.accepts =
        DaemonThreads.blocking("fairlead-" + transport + "-accept", ACCEPT_THREADS, ACCEPT_QUEUE);
  }

  /**
   * Exchanges an install token for a certificate.
   *
   * @param token reads the token that the agent sent; what it throws is the answer
   * @param csr a PKCS #10 request in DER
   * @param answer gets the outcome
   */
  public void enrol(Supplier<InstallToken> token, byte[] csr, Answer answer) {
    answer(enrolments, answer, () -> endpoint.enrol(token.get(), csr));
  }

  /**
   * Issues a further certificate.
   *
   * @param peer the agent
   * @param csr a PKCS #10 request in DER
   * @param answer gets the outcome
   */
  public void renew(Peer peer, byte[] csr, Answer answer) {
    answer(accepts, answer, () -> endpoint.renew(peer, csr));
  }

  private static void answer(ThreadPoolExecutor threads, Answer to, Supplier<Enrolment> call) {
    try {
      threads.execute(
          () -> {
            Enrolment enrolment;
            try {
              enrolment = call.get();
            } catch (FairleadException refusal) {
              to.refused(refusal);
              return;
            } catch (RuntimeException unexpected) {
              LOG.error("the hub failed to certify an agent", unexpected);
              to.refused(new TransportException("the hub failed to certify the agent"));
              return;
            }
            to.certified(enrolment);
          });
    } catch (RejectedExecutionException full) {
      to.refused(rejected(threads, full));
    }
  }

  /**
   * Hands a pipe over, or aborts it with the refusal.
   *
   * @param pipe a pipe that was not started
   * @param peer the agent
   */
  public void accept(Pipe pipe, Peer peer) {
    try {
      accepts.execute(
          () -> {
            try {
              endpoint.accept(pipe, peer);
            } catch (FairleadException refusal) {
              pipe.abort(refusal);
            } catch (RuntimeException unexpected) {
              if (!accepts.isShutdown()) {
                LOG.error("the hub failed to accept a pipe", unexpected);
              }
              pipe.abort(unexpected);
            }
          });
    } catch (RejectedExecutionException full) {
      pipe.abort(rejected(accepts, full));
    }
  }

  private static FairleadException rejected(
      ThreadPoolExecutor threads, RejectedExecutionException full) {
    return threads.isShutdown()
        ? new TransportException("the hub was closed", full)
        : new LimitException("too many agents at once (expected: again later)", full);
  }

  /** Takes no further calls, and waits for those under way, which an interrupt tells to stop. */
  @Override
  public void close() {
    enrolments.shutdownNow();
    accepts.shutdownNow();
    await(enrolments);
    await(accepts);
  }

  private static void await(ThreadPoolExecutor threads) {
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the hub still serves a call {} s after its transport was closed", CLOSE_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
