package dev.fairlead.core.authorization;

import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;

/** The sentence for a user without the right, in the words of the API server. */
final class Refusal {

  private Refusal() {}

  static String of(AccessRequest request) {
    RequestInfo info = request.info();
    StringBuilder text = new StringBuilder(160).append("User ");
    quote(text, request.identity().username());
    text.append(" cannot ").append(info.verb());
    if (!info.isResourceRequest()) {
      quote(text.append(" path "), info.path());
    } else {
      String resource = info.resourcePath();
      quote(text.append(" resource "), resource == null ? "" : resource);
      quote(text.append(" in API group "), info.apiGroup());
      if (info.namespace().isEmpty()) {
        text.append(" at the cluster scope");
      } else {
        quote(text.append(" in the namespace "), info.namespace());
      }
    }
    return text.append(" on cluster ").append(request.cluster()).toString();
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }
}
