package dev.fairlead.gateway;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.pipe.DaemonThreads;
import dev.fairlead.core.request.RequestTarget;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what is no cluster's: collects a request on its event loop, lets the pages that own its
 * path answer on a thread of this object, and sends the answer. Bounded in all: calls under way,
 * those from one address, threads, bodies and the time for one to arrive.
 */
final class Pages implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Pages.class);

  static final int THREADS = 16;
  static final int MOST = 256;
  static final int MOST_OF_SOURCE = 64;
  private static final int AUTHENTICATION_SECONDS = 10;

  private final PagePaths paths;
  private final Authenticator authenticator;
  private final Time time;
  private final PageSlots slots = new PageSlots(MOST, MOST_OF_SOURCE);
  private final ExecutorService threads =
      DaemonThreads.blocking("fairlead-gateway-pages", THREADS, MOST);

  Pages(PagePaths paths, Authenticator authenticator, Time time) {
    this.paths = paths;
    this.authenticator = authenticator;
    this.time = time;
  }

  /**
   * Serves a request, if its path belongs to pages. On the stream's event loop.
   *
   * @return whether it did; if not, nothing was done
   */
  boolean serve(
      HttpStream stream, Http2Headers head, boolean end, RequestTarget target, Client client) {
    RestPages owner = paths.ownerOf(target.path());
    if (owner == null) {
      return false;
    }
    PageRequest request = new PageRequest(stream, head, owner.largestBody(), time);
    PageSlots.Place place = slots.take(client.source());
    if (place instanceof PageSlots.Place.Taken taken) {
      request.collect(
          end, taken.slot()::giveBack, body -> enter(request, owner, target, client, body));
    } else if (place instanceof PageSlots.Place.SourceFull) {
      request.refuse(busy(429, "calls under way from your address: " + MOST_OF_SOURCE));
    } else {
      request.refuse(busy(503, "calls under way: " + MOST));
    }
    return true;
  }

  private static RestAnswer busy(int status, String found) {
    return RestAnswer.problem(status, found + " (expected: fewer; try again soon)")
        .with("retry-after", "1");
  }

  private void enter(
      PageRequest request, RestPages owner, RequestTarget target, Client client, byte[] body) {
    try {
      threads.execute(() -> answer(request, owner, target, client, body));
    } catch (RejectedExecutionException e) {
      request.answer(busy(503, "calls under way: too many"));
    }
  }

  private void answer(
      PageRequest request, RestPages owner, RequestTarget target, Client client, byte[] body) {
    RestAnswer answer;
    try {
      answer = owner.answer(call(request.head(), target, client, body));
    } catch (RestProblemException e) {
      answer = e.answer();
    } catch (FairleadException e) {
      answer = RestAnswer.problem(e);
    } catch (RuntimeException | Error e) {
      log.error("gateway: pages at {} failed", target.rawPath(), e);
      answer = RestAnswer.problem(500, "the hub failed");
    }
    request.answer(answer);
  }

  private RestCall call(Http2Headers head, RequestTarget target, Client client, byte[] body) {
    Credentials credentials = Credentials.of(head);
    if (credentials instanceof Credentials.Malformed malformed) {
      throw new RestProblemException(400, malformed.reason());
    }
    String agent = Heads.get(head, "user-agent");
    String userAgent = agent == null ? "" : agent;
    String method = String.valueOf(head.method());
    List<CharSequence> conditions = head.getAll("if-match");
    return new RestCall(
            method.equals("HEAD") ? "GET" : method,
            target,
            Heads.get(head, "content-type"),
            body,
            credentials instanceof Credentials.Bearer bearer ? bearer.token() : null,
            client.source(),
            userAgent,
            () -> caller(credentials, client, userAgent))
        .ifMatching(conditions.isEmpty() ? null : String.join(", ", conditions));
  }

  private Caller caller(Credentials credentials, Client client, String userAgent) {
    Credential credential;
    if (credentials instanceof Credentials.Bearer bearer) {
      credential = bearer.token();
    } else if (credentials instanceof Credentials.None && client.certificate() != null) {
      credential = client.certificate();
    } else {
      throw unauthenticated();
    }
    Authentication found = examine(credential);
    if (found instanceof Authentication.Authenticated known) {
      Optional<String> reserved = ReservedNames.in(known.identity());
      if (reserved.isEmpty()) {
        return new Caller(
            known.identity(),
            known.credentialId(),
            known.expiresAt(),
            known.scope(),
            client.source(),
            userAgent);
      }
      found = new Authentication.Rejected(reserved.get());
    }
    log.info(
        "gateway: a call from {} was not authenticated: {}",
        client.source(),
        found instanceof Authentication.Rejected rejected ? rejected.reason() : "not known");
    throw unauthenticated();
  }

  private Authentication examine(Credential credential) {
    try {
      return authenticator
          .authenticate(credential)
          .toCompletableFuture()
          .get(AUTHENTICATION_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "authentication: no answer within "
              + AUTHENTICATION_SECONDS
              + " s (expected: one by then)",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("authentication: the hub is closing", e);
    } catch (ExecutionException | RuntimeException e) {
      return new Authentication.Rejected(e.toString());
    }
  }

  private static UnauthenticatedException unauthenticated() {
    return new UnauthenticatedException(
        "credential: none, or one that does not hold (expected: a bearer token that this hub takes)");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
