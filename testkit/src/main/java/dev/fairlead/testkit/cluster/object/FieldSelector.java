package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Field selectors ({@code metadata.name=x,status.phase!=Failed}) over the fields each kind offers.
 */
public final class FieldSelector {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
  private static final Map<String, Set<String>> MORE =
      Map.of(
          "Pod",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "Event",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"),
          "Namespace",
          Set.of("status.phase"),
          "Node",
          Set.of("spec.unschedulable"),
          "Secret",
          Set.of("type"),
          "ReplicaSet",
          Set.of("status.replicas"));

  private FieldSelector() {}

  /**
   * Parses the value of {@code fieldSelector}.
   *
   * @throws ApiException 400 when it does not parse or the kind has no such field
   */
  public static Predicate<JsonNode> parse(Kind kind, String text) {
    List<Predicate<JsonNode>> terms = new ArrayList<>();
    for (String term : text.split(",", -1)) {
      if (term.isBlank()) {
        continue;
      }
      int equals = term.indexOf('=');
      if (equals <= 0) {
        throw ApiException.badRequest(
            "invalid selector: '" + term + "'; can't understand '" + term + "'");
      }
      boolean negated = term.charAt(equals - 1) == '!';
      String field = term.substring(0, negated ? equals - 1 : equals).strip();
      int start = term.startsWith("==", equals) ? equals + 2 : equals + 1;
      String value = term.substring(start).strip();
      if (!ALWAYS.contains(field) && !MORE.getOrDefault(kind.name(), Set.of()).contains(field)) {
        throw ApiException.badRequest(
            "Unable to find \""
                + kind.apiVersion()
                + ", Resource="
                + kind.plural()
                + "\" that match label selector \"\", field selector \""
                + text
                + "\": field label not supported: "
                + field);
      }
      String[] path = path(field);
      terms.add(object -> Trees.text(object, path).equals(value) != negated);
    }
    return object -> terms.stream().allMatch(term -> term.test(object));
  }

  private static String[] path(String field) {
    if (field.equals("source")) {
      return new String[] {"source", "component"};
    }
    return field.split("\\.");
  }
}
