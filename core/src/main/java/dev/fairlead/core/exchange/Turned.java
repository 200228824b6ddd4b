package dev.fairlead.core.exchange;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.core.audit.RequestUri;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.RefusedRequestException;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes events of requests that are not served, and perhaps not understood either. */
final class Turned {

  private static final int LONGEST = 1_024;

  private Turned() {}

  /** The event of a request that nobody is known to have sent. */
  static AuditEvent away(
      Http2Headers head, String source, @Nullable ClusterRequest where, Instant now) {
    String method = cut(String.valueOf(head.method()));
    String uri =
        RequestUri.redacted(
            where == null ? cut(String.valueOf(head.path())) : where.target().raw());
    String agent = Heads.get(head, "user-agent");
    return AuditEvent.received(
            UUID.randomUUID().toString(), method, uri, info(method, uri, where), now)
        .on(where == null ? null : where.cluster())
        .from(source, agent == null ? "" : cut(agent));
  }

  private static RequestInfo info(String method, String uri, @Nullable ClusterRequest where) {
    if (where != null) {
      try {
        return KubernetesRequest.of(method, where.target()).info();
      } catch (RefusedRequestException e) {
        // Then it is what it seems to be.
        return RequestInfo.nonResource(method.toLowerCase(Locale.ROOT), where.target().path());
      }
    }
    int question = uri.indexOf('?');
    return RequestInfo.nonResource(
        method.toLowerCase(Locale.ROOT), question < 0 ? uri : uri.substring(0, question));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
