package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request, with what is read from it at most once for a decision. Of one thread. */
final class Question {

  static final String IMPERSONATE = "impersonate";

  private static final Set<String> ON_COLLECTIONS = Set.of("list", "watch", "deletecollection");

  final AccessRequest request;
  final RequestInfo info;
  final String cluster;
  private boolean addressRead;
  private byte @Nullable [] address;

  Question(AccessRequest request) {
    this.request = request;
    this.info = request.info();
    this.cluster = request.cluster().value();
  }

  Instant at() {
    return request.at();
  }

  /** Whether it touches objects in namespaces that it does not name. */
  boolean isAcrossNamespaces() {
    return info.isResourceRequest()
        && info.namespace().isEmpty()
        && ON_COLLECTIONS.contains(info.verb());
  }

  boolean isImpersonation() {
    return info.verb().equals(IMPERSONATE);
  }

  byte @Nullable [] address() {
    if (!addressRead) {
      addressRead = true;
      address = Network.address(request.sourceIp());
    }
    return address;
  }
}
