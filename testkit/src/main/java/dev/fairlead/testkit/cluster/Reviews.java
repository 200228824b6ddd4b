package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.Set;

/** Answers who the caller is and what it may do. */
final class Reviews {
  private final Authorization authorization;
  private final Bodies bodies;

  Reviews(Authorization authorization, Bodies bodies) {
    this.authorization = authorization;
    this.bodies = bodies;
  }

  Reply answer(WireRequest request, Kind kind, Caller caller) {
    if (!request.method().equals("POST")) {
      throw Resources.notAllowed();
    }
    ObjectNode review = bodies.object(request, kind, "", "");
    Trees.child(review, "metadata").putNull("creationTimestamp");
    ObjectNode status = review.putObject("status");
    switch (kind.name()) {
      case "SelfSubjectReview" -> status.set("userInfo", caller.toUserInfo());
      case "SelfSubjectAccessReview" -> access(review.path("spec"), status, caller);
      default -> rules(status, caller);
    }
    return Replies.json(201, review);
  }

  private void access(JsonNode spec, ObjectNode status, Caller caller) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw ApiException.badRequest(
          "exactly one of resourceAttributes and nonResourceAttributes is expected");
    }
    boolean allowed =
        path.isObject()
            ? !caller.anonymous()
            : authorization.allows(
                new AccessRequest(
                    caller.user(),
                    Set.copyOf(caller.groups()),
                    Trees.text(resource, "verb"),
                    Trees.text(resource, "group"),
                    Trees.text(resource, "resource"),
                    Trees.text(resource, "subresource"),
                    Trees.text(resource, "namespace"),
                    Trees.text(resource, "name"),
                    ""));
    status.put("allowed", allowed);
    if (allowed) {
      status.put("reason", "allowed by the demo cluster's rule");
    }
  }

  private static void rules(ObjectNode status, Caller caller) {
    status.putArray("nonResourceRules");
    ObjectNode rule = status.putArray("resourceRules").addObject();
    boolean master = caller.groups().contains(Caller.MASTERS);
    rule.putArray("verbs").add("*");
    rule.putArray("apiGroups").add("*");
    rule.putArray("resources").add("*");
    status.put("incomplete", !master);
    if (!master) {
      status.put("evaluationError", "the demo cluster decides by a predicate, not by rules");
      status.putArray("resourceRules");
    }
  }
}
