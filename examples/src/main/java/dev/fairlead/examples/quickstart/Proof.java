package dev.fairlead.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.examples.program.Refusal;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A real list and a real watch through the whole path. */
final class Proof {

  private static final String PODS = "/api/v1/pods";
  private static final String NAMESPACES = "/api/v1/namespaces";
  private static final String SETTINGS = "/api/v1/namespaces/shop/configmaps";
  private static final String OBJECT = "quickstart";
  private static final String CREATED =
      "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + OBJECT + "\"}}";

  private final UserClient user;
  private final Upstream upstream;

  Proof(UserClient user, Upstream upstream) {
    this.user = user;
    this.upstream = upstream;
  }

  /** Lists pods, or namespaces of a cluster that is not the quickstart's own. */
  Table list() throws IOException, InterruptedException {
    return Table.of(
        require(user.table(upstream instanceof Upstream.Demo ? PODS : NAMESPACES), "list").json());
  }

  /** Watches something change, and says what was seen. */
  List<String> watch() throws IOException, InterruptedException {
    return upstream instanceof Upstream.Demo ? watchOwnChange() : watchNamespaces();
  }

  private List<String> watchOwnChange() throws IOException, InterruptedException {
    String version = version(require(user.get(SETTINGS + "?limit=1"), "list"));
    List<String> seen = new ArrayList<>();
    try (Stream<String> lines =
        open(SETTINGS + "?watch=true&timeoutSeconds=30&resourceVersion=" + version)) {
      Iterator<String> events = lines.iterator();
      require(user.create(SETTINGS, CREATED), "create");
      seen.add(expect("ADDED", events));
      require(user.delete(SETTINGS + "/" + OBJECT), "delete");
      seen.add(expect("DELETED", events));
    }
    return seen;
  }

  private List<String> watchNamespaces() throws IOException, InterruptedException {
    // Without a version a watch begins with what is there.
    try (Stream<String> lines = open(NAMESPACES + "?watch=true&timeoutSeconds=5")) {
      Iterator<String> events = lines.iterator();
      if (!events.hasNext()) {
        throw new Refusal("the watch ended without an event (expected: one for each namespace)");
      }
      return List.of(event(Answer.read(events.next())));
    }
  }

  private Stream<String> open(String path) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response = user.watch(path);
    if (response.statusCode() != 200) {
      try (Stream<String> body = response.body()) {
        throw refusal(new Answer(response.statusCode(), String.join("\n", body.toList())), "watch");
      }
    }
    return response.body();
  }

  private static String expect(String type, Iterator<String> events) {
    while (events.hasNext()) {
      JsonNode event = Answer.read(events.next());
      if (event.at("/object/metadata/name").asText().equals(OBJECT)
          && event.path("type").asText().equals(type)) {
        return event(event);
      }
    }
    throw new Refusal("the watch ended before " + type + " of configmap " + OBJECT + " came");
  }

  private static String event(JsonNode event) {
    JsonNode object = event.path("object");
    return "%-8s %s %s"
        .formatted(
            event.path("type").asText(),
            object.path("kind").asText(),
            object.at("/metadata/name").asText());
  }

  private static String version(Answer list) {
    return list.json().at("/metadata/resourceVersion").asText();
  }

  private Answer require(Answer answer, String verb) {
    if (!answer.isSuccess()) {
      throw refusal(answer, verb);
    }
    return answer;
  }

  private RuntimeException refusal(Answer answer, String verb) {
    String found = "the " + verb + " was answered with " + answer.status() + ": " + answer.reason();
    if (!(upstream instanceof Upstream.Own own)) {
      return new Refusal(found);
    }
    if (answer.status() == 403 && answer.reason().contains("impersonate")) {
      return new NoRightsException(
          found
              + "\nThe kubeconfig's user may not impersonate others, which an agent has to; use a"
              + " context whose user may, such as an administrator's.");
    }
    if (answer.status() == 403) {
      return new NoRightsException(
          found
              + "\nThe whole way works, but in that cluster user demo has no rights yet. To let it"
              + " read: "
              + own.kubectl()
              + " create clusterrolebinding fairlead-demo --clusterrole=view --user=demo");
    }
    return new Refusal(
        found
            + "\nThe hub and the agent run, but the cluster does not answer; see whether this does: "
            + own.kubectl()
            + " version");
  }

  /** The way is fine, and the cluster says no. */
  static final class NoRightsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoRightsException(String message) {
      super(message);
    }
  }
}
