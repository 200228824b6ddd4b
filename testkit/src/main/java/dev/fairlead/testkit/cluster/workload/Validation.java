package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.ApiException.Cause;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.LabelSelector;
import dev.fairlead.testkit.cluster.object.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses objects that make no sense, in the API server's words. */
public final class Validation {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Set<String> LABEL_NAMED = Set.of("Namespace", "Service");

  private Validation() {}

  /**
   * Checks a completed object.
   *
   * @param before the object it replaces, null on creation
   * @throws ApiException 422 naming every mistake
   */
  public static void check(Kind kind, ObjectNode object, @Nullable ObjectNode before) {
    List<Cause> causes = new ArrayList<>();
    String name = Trees.text(object, "metadata", "name");
    checkName(kind, name, causes);
    checkStrings(object, "labels", causes);
    checkStrings(object, "annotations", causes);
    switch (kind.name()) {
      case "Pod" -> {
        checkContainers(object.path("spec"), "spec", causes);
        checkPodUnchanged(object, before, causes);
      }
      case "Deployment", "ReplicaSet" -> checkWorkload(object, before, causes);
      case "Service" -> checkService(object, causes);
      default -> {}
    }
    if (!causes.isEmpty()) {
      throw ApiException.invalid(kind, name, causes);
    }
  }

  private static void checkName(Kind kind, String name, List<Cause> causes) {
    if (name.isEmpty()) {
      causes.add(required("metadata.name", "name or generateName is required"));
      return;
    }
    boolean label = LABEL_NAMED.contains(kind.name());
    boolean fits =
        label
            ? LABEL.matcher(name).matches()
            : name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
    if (!fits) {
      String rule =
          label
              ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                  + " '-', and must start and end with an alphanumeric character"
              : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                  + " characters, '-' or '.', and must start and end with an alphanumeric"
                  + " character";
      causes.add(invalid("metadata.name", name, rule));
    }
  }

  private static void checkStrings(ObjectNode object, String member, List<Cause> causes) {
    JsonNode map = Trees.at(object, "metadata", member);
    if (map.isMissingNode() || map.isNull()) {
      return;
    }
    if (!map.isObject()) {
      causes.add(invalid("metadata." + member, map.toString(), "must be a map of strings"));
      return;
    }
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getValue().isTextual()) {
        throw ApiException.badRequest(
            "unable to decode metadata."
                + member
                + "."
                + entry.getKey()
                + ": found a JSON "
                + entry.getValue().getNodeType()
                + " (expected: a string)");
      }
      if (member.equals("labels") && entry.getValue().asText().length() > 63) {
        causes.add(
            invalid("metadata.labels", entry.getValue().asText(), "must be no more than 63 bytes"));
      }
    }
  }

  private static void checkContainers(JsonNode spec, String path, List<Cause> causes) {
    JsonNode containers = spec.path("containers");
    if (!containers.isArray() || containers.isEmpty()) {
      causes.add(required(path + ".containers", ""));
      return;
    }
    for (int i = 0; i < containers.size(); i++) {
      for (String member : List.of("name", "image")) {
        if (Trees.text(containers.get(i), member).isEmpty()) {
          causes.add(required(path + ".containers[" + i + "]." + member, ""));
        }
      }
    }
  }

  private static void checkPodUnchanged(
      ObjectNode pod, @Nullable ObjectNode before, List<Cause> causes) {
    if (before != null && !withoutImages(pod).equals(withoutImages(before))) {
      causes.add(
          new Cause(
              "FieldValueForbidden",
              "Forbidden: pod updates may not change fields other than"
                  + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                  + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
                  + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if"
                  + " it was previously negative)",
              "spec"));
    }
  }

  private static JsonNode withoutImages(ObjectNode pod) {
    JsonNode spec = pod.path("spec").deepCopy();
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        ((ObjectNode) container).remove(List.of("image", "imagePullPolicy"));
      }
    }
    if (spec instanceof ObjectNode object) {
      object.remove(
          List.of(
              "activeDeadlineSeconds",
              "tolerations",
              "terminationGracePeriodSeconds",
              "ephemeralContainers"));
    }
    return spec;
  }

  private static void checkWorkload(
      ObjectNode object, @Nullable ObjectNode before, List<Cause> causes) {
    JsonNode spec = object.path("spec");
    JsonNode selector = spec.path("selector");
    if (selector.isMissingNode() || selector.isEmpty()) {
      causes.add(required("spec.selector", ""));
    } else if (!LabelSelector.of(selector).test(Trees.at(spec, "template", "metadata", "labels"))) {
      causes.add(
          invalid(
              "spec.template.metadata.labels",
              Trees.at(spec, "template", "metadata", "labels").toString(),
              "`selector` does not match template `labels`"));
    }
    if (spec.path("replicas").asInt() < 0) {
      causes.add(
          invalid(
              "spec.replicas",
              spec.path("replicas").toString(),
              "must be greater than or equal to 0"));
    }
    if (before != null && !Trees.at(before, "spec", "selector").equals(selector)) {
      causes.add(invalid("spec.selector", selector.toString(), "field is immutable"));
    }
    checkContainers(Trees.at(spec, "template", "spec"), "spec.template.spec", causes);
  }

  private static void checkService(ObjectNode object, List<Cause> causes) {
    JsonNode spec = object.path("spec");
    boolean headless = spec.path("clusterIP").asText().equals("None");
    boolean external = spec.path("type").asText().equals("ExternalName");
    if (spec.path("ports").isEmpty() && !headless && !external) {
      causes.add(required("spec.ports", ""));
    }
    for (int i = 0; i < spec.path("ports").size(); i++) {
      int port = spec.path("ports").get(i).path("port").asInt();
      if (port < 1 || port > 65535) {
        causes.add(
            invalid(
                "spec.ports[" + i + "].port",
                Integer.toString(port),
                "must be between 1 and 65535, inclusive"));
      }
    }
  }

  private static Cause required(String field, String detail) {
    return new Cause(
        "FieldValueRequired",
        detail.isEmpty() ? "Required value" : "Required value: " + detail,
        field);
  }

  private static Cause invalid(String field, String value, String detail) {
    String shown = value.startsWith("{") ? value : "\"" + value + "\"";
    return new Cause("FieldValueInvalid", "Invalid value: " + shown + ": " + detail, field);
  }
}
