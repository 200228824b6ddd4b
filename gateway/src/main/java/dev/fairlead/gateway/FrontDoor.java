package dev.fairlead.gateway;

import dev.fairlead.api.Identity;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.authentication.ReservedNames;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a request before the hub sees it: which cluster, and who asks. */
final class FrontDoor {

  private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);
  private static final List<String> UPGRADES = List.of("websocket", "SPDY/3.1");
  private static final KubernetesStatus UNAUTHORIZED =
      KubernetesStatus.of(
          StatusReason.UNAUTHORIZED,
          "Unauthorized: no credential that this hub takes (expected: a bearer token that holds; sign in"
              + " again)");

  private static final KubernetesStatus FAILED =
      KubernetesStatus.of(
          StatusReason.INTERNAL_ERROR, "the hub failed with this request; its log tells why");

  private final Exchanges exchanges;
  private final Authenticator authenticator;
  private final Addressing addressing;
  private final Pages pages;

  FrontDoor(Exchanges exchanges, Authenticator authenticator, Addressing addressing, Pages pages) {
    this.exchanges = exchanges;
    this.authenticator = authenticator;
    this.addressing = addressing;
    this.pages = pages;
  }

  /** A request of an HTTP/1.1 connection, which may ask for an upgrade. */
  void http1(HttpStream stream, Http2Headers head, boolean end, Client client) {
    String protocol = Heads.get(head, Heads.PROTOCOL);
    if (protocol != null && UPGRADES.stream().noneMatch(protocol::equalsIgnoreCase)) {
      refuse(stream, head, client, StatusReason.BAD_REQUEST, "upgrade: not to " + UPGRADES);
      return;
    }
    attempt(stream, head, () -> take(stream, head, end, client));
  }

  /** A request of an HTTP/2 connection, where no upgrade was offered. */
  void http2(HttpStream stream, Http2Headers head, boolean end, Client client) {
    if (head.contains(Heads.PROTOCOL)) {
      refuse(stream, head, client, StatusReason.BAD_REQUEST, "upgrade: not offered over HTTP/2");
      return;
    }
    // RFC 9113 section 8.3.1: the two may both be there only if they say the same.
    for (CharSequence host : head.getAllAndRemove("host")) {
      if (head.authority() == null) {
        head.authority(host);
      } else if (!AsciiString.contentEqualsIgnoreCase(head.authority(), host)) {
        refuse(stream, head, client, StatusReason.BAD_REQUEST, "host: not the same as :authority");
        return;
      }
    }
    attempt(stream, head, () -> take(stream, head, end, client));
  }

  /** Looks at a request; a failure that nobody foresaw is answered, and ends this request only. */
  private static void attempt(HttpStream stream, Http2Headers head, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      log.error("gateway: the hub failed with a request", e);
      Refusal.send(stream, head, FAILED);
    }
  }

  private void take(HttpStream stream, Http2Headers head, boolean end, Client client) {
    RequestTarget target;
    Optional<ClusterRequest> where;
    try {
      CharSequence path = head.path();
      target = RequestTarget.parse(path == null ? "" : path);
      CharSequence host = head.authority();
      where = addressing.resolve(host == null ? null : host.toString(), target);
    } catch (RefusedRequestException e) {
      refuse(stream, head, client, e.reason(), String.valueOf(e.getMessage()));
      return;
    }
    if (where.isEmpty()) {
      if (!pages.serve(stream, head, end, target, client)) {
        own(stream, head, client, target);
      }
      return;
    }
    ClusterRequest request = where.get();
    Credentials credentials = Credentials.of(head);
    if (credentials instanceof Credentials.Malformed malformed) {
      refuse(stream, head, client, StatusReason.BAD_REQUEST, malformed.reason());
    } else if (credentials instanceof Credentials.Bearer bearer) {
      authenticate(stream, head, end, client.source(), request, bearer.token());
    } else if (credentials instanceof Credentials.None && client.certificate() != null) {
      authenticate(stream, head, end, client.source(), request, client.certificate());
    } else {
      unauthenticated(stream, head, client.source(), request, "no credential");
    }
  }

  private void authenticate(
      HttpStream stream,
      Http2Headers head,
      boolean end,
      String source,
      ClusterRequest request,
      Credential credential) {
    CompletionStage<Authentication> asked;
    try {
      asked = authenticator.authenticate(credential);
    } catch (RuntimeException e) {
      unauthenticated(stream, head, source, request, e.toString());
      return;
    }
    asked.whenComplete(
        (found, failure) ->
            attempt(
                stream, head, () -> answered(stream, head, end, source, request, found, failure)));
  }

  private void answered(
      HttpStream stream,
      Http2Headers head,
      boolean end,
      String source,
      ClusterRequest request,
      @Nullable Authentication found,
      @Nullable Throwable failure) {
    if (found instanceof Authentication.Authenticated authenticated) {
      serve(stream, head, end, source, request, authenticated);
    } else {
      String reason =
          found instanceof Authentication.Rejected rejected
              ? rejected.reason()
              : failure != null ? failure.toString() : "not known";
      unauthenticated(stream, head, source, request, reason);
    }
  }

  private void serve(
      HttpStream stream,
      Http2Headers head,
      boolean end,
      String source,
      ClusterRequest request,
      Authentication.Authenticated authenticated) {
    Identity identity = authenticated.identity();
    Optional<String> reserved = ReservedNames.in(identity);
    if (reserved.isPresent()) {
      unauthenticated(stream, head, source, request, reserved.get());
      return;
    }
    String agent = Heads.get(head, "user-agent");
    exchanges.serve(
        stream,
        head,
        end,
        request,
        new Caller(
            identity,
            authenticated.credentialId(),
            authenticated.expiresAt(),
            authenticated.scope(),
            source,
            agent == null ? "" : agent));
  }

  private void unauthenticated(
      HttpStream stream,
      Http2Headers head,
      String source,
      ClusterRequest request,
      @Nullable String reason) {
    log.info("gateway: a request from {} was not authenticated: {}", source, reason);
    exchanges.turnedAway(head, source, request, UNAUTHORIZED.code(), String.valueOf(reason));
    Refusal.send(stream, head, UNAUTHORIZED);
  }

  /** Requests for the hub itself: whether it is there. */
  private void own(HttpStream stream, Http2Headers head, Client client, RequestTarget target) {
    String path = target.path();
    if (path.equals("/livez") || path.equals("/readyz")) {
      Refusal.discardRequest(stream);
      stream.sendHead(
          Heads.create().status("200").set("content-type", "text/plain").set("content-length", "2"),
          false);
      stream.sendData(Unpooled.copiedBuffer("ok", StandardCharsets.UTF_8), true);
      return;
    }
    refuse(
        stream,
        head,
        client,
        StatusReason.NOT_FOUND,
        "no such path at the hub (expected: /clusters/{name}/…)");
  }

  private void refuse(
      HttpStream stream, Http2Headers head, Client client, StatusReason reason, String message) {
    KubernetesStatus refusal = KubernetesStatus.of(reason, message);
    exchanges.turnedAway(head, client.source(), null, refusal.code(), message);
    Refusal.send(stream, head, refusal);
  }
}
