package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.FieldOwners;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Patches;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import dev.fairlead.testkit.cluster.workload.Deletion;
import java.util.List;
import java.util.function.Supplier;

/**
 * The verbs on stored objects that answer at once: get, create, update, patch, delete, and scale.
 */
final class Resources {
  private static final String APPLY = "application/apply-patch+yaml";

  private final ObjectStore store;
  private final Writes writes;
  private final Patches patches;
  private final Deletion deletion;
  private final Lists lists;
  private final Bodies bodies;
  private final Tables tables;

  Resources(
      ObjectStore store,
      Writes writes,
      Patches patches,
      Deletion deletion,
      Lists lists,
      Bodies bodies,
      Tables tables) {
    this.store = store;
    this.writes = writes;
    this.patches = patches;
    this.deletion = deletion;
    this.lists = lists;
    this.bodies = bodies;
    this.tables = tables;
  }

  Reply answer(WireRequest request, RequestInfo info, Kind kind) {
    boolean scale = info.subresource().equals("scale");
    if (!info.subresource().isEmpty() && !kind.subresources().contains(info.subresource())) {
      throw ApiException.pathNotFound();
    }
    return switch (info.verb()) {
      case "get" ->
          scale ? Replies.json(Scales.of(kind, live(kind, info))) : get(request, info, kind);
      case "list" -> lists.list(request, kind, info.namespace());
      case "watch" -> lists.watch(request, kind, info.namespace());
      case "create" -> create(request, info, kind);
      case "update", "patch" ->
          Replies.json(
              atomically(() -> scale ? scale(request, info, kind) : write(request, info, kind)));
      case "delete" -> delete(request, info, kind);
      case "deletecollection" -> deleteCollection(request, info, kind);
      default -> throw notAllowed();
    };
  }

  static ApiException notAllowed() {
    return ApiException.of(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  private <T> T atomically(Supplier<T> work) {
    return store.atomically(work);
  }

  private static Change.Key key(Kind kind, RequestInfo info) {
    return new Change.Key(kind, kind.namespaced() ? info.namespace() : "", info.name());
  }

  private ObjectNode live(Kind kind, RequestInfo info) {
    return store.get(key(kind, info));
  }

  private Reply get(WireRequest request, RequestInfo info, Kind kind) {
    boolean table = Accept.table(request.header("accept"));
    ObjectNode object = live(kind, info);
    return Replies.json(table ? tables.of(kind, List.of(object), request) : object);
  }

  private FieldOwners.Writer writer(WireRequest request, RequestInfo info) {
    String agent = request.header("user-agent");
    String name =
        request.parameter("fieldManager").filter(m -> !m.isEmpty()).orElse(agent.split("/", 2)[0]);
    return new FieldOwners.Writer(
        name.isEmpty() ? "unknown" : name, info.subresource(), store.now());
  }

  private static boolean dryRun(WireRequest request) {
    List<String> values = request.query().getOrDefault("dryRun", List.of());
    if (!values.isEmpty() && !values.equals(List.of("All"))) {
      throw ApiException.badRequest("dryRun: " + values + " (expected: All)");
    }
    return !values.isEmpty();
  }

  private Reply create(WireRequest request, RequestInfo info, Kind kind) {
    if (!info.name().isEmpty()) {
      throw notAllowed();
    }
    if (kind.namespaced() && info.namespace().isEmpty()) {
      throw notAllowed();
    }
    ObjectNode object = bodies.object(request, kind, info.namespace(), "");
    boolean dryRun = dryRun(request);
    return Replies.json(
        201, atomically(() -> writes.create(kind, object, writer(request, info), dryRun, false)));
  }

  private ObjectNode write(WireRequest request, RequestInfo info, Kind kind) {
    boolean dryRun = dryRun(request);
    FieldOwners.Writer writer = writer(request, info);
    if (info.verb().equals("update")) {
      ObjectNode object = bodies.object(request, kind, info.namespace(), info.name());
      return writes.update(kind, live(kind, info), object, writer, dryRun, false);
    }
    if (Bodies.mediaType(request).equals(APPLY)) {
      if (request.parameter("fieldManager").isEmpty()) {
        throw ApiException.invalid(
            kind,
            info.name(),
            List.of(
                new ApiException.Cause(
                    "FieldValueRequired",
                    "Required value: is required for apply patch",
                    "fieldManager")));
      }
      ObjectNode config = bodies.object(request, kind, info.namespace(), info.name());
      ObjectNode live = store.find(key(kind, info)).orElse(null);
      return writes.apply(kind, live, config, writer, request.flag("force"), dryRun);
    }
    ObjectNode live = live(kind, info);
    ObjectNode patched =
        patches.apply(Bodies.mediaType(request), kind, live, Trees.parseJson(request.body()));
    bodies.conform(request, patched, kind, info.namespace(), info.name());
    return writes.update(kind, live, patched, writer, dryRun, false);
  }

  private ObjectNode scale(WireRequest request, RequestInfo info, Kind kind) {
    ObjectNode live = live(kind, info);
    ObjectNode scale = Scales.of(kind, live);
    ObjectNode wanted =
        info.verb().equals("update")
            ? Trees.requireObject(bodies.parse(request))
            : patches.apply(
                Bodies.mediaType(request), kind, scale, Trees.parseJson(request.body()));
    JsonNode replicas = Trees.at(wanted, "spec", "replicas");
    if (!replicas.isIntegralNumber()) {
      throw ApiException.badRequest("spec.replicas: " + replicas + " (expected: an integer)");
    }
    ObjectNode next = live.deepCopy();
    Trees.child(next, "spec").put("replicas", replicas.asInt());
    ObjectNode metadata = Trees.child(next, "metadata");
    String version = Trees.text(wanted, "metadata", "resourceVersion");
    if (!version.isEmpty()) {
      metadata.put("resourceVersion", version);
    }
    ObjectNode stored =
        writes.update(kind, live, next, writer(request, info), dryRun(request), false);
    return Scales.of(kind, stored);
  }

  private Reply delete(WireRequest request, RequestInfo info, Kind kind) {
    if (!info.subresource().isEmpty()) {
      throw notAllowed();
    }
    ObjectNode options =
        request.body().length == 0 ? Trees.object() : Trees.requireObject(bodies.parse(request));
    boolean dryRun = dryRun(request) || !options.path("dryRun").isEmpty();
    String policy =
        Trees.text(options, "propagationPolicy").isEmpty()
            ? request.parameter("propagationPolicy").orElse("")
            : Trees.text(options, "propagationPolicy");
    Change.Key key = key(kind, info);
    ObjectNode last =
        atomically(
            () -> {
              requirePreconditions(kind, store.get(key), options.path("preconditions"));
              boolean orphan =
                  policy.equals("Orphan") || options.path("orphanDependents").asBoolean();
              return dryRun ? store.get(key) : deletion.delete(key, orphan);
            });
    boolean graceful = kind.equals(Kinds.POD) || kind.equals(Kinds.NAMESPACE);
    if (graceful || Trees.at(last, "metadata").has("deletionTimestamp")) {
      return Replies.json(last);
    }
    ObjectNode status = Trees.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    ObjectNode details = status.put("status", "Success").putObject("details");
    details.put("name", info.name()).put("kind", kind.plural());
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("uid", Trees.text(last, "metadata", "uid"));
    return Replies.json(status);
  }

  private static void requirePreconditions(Kind kind, ObjectNode live, JsonNode wanted) {
    for (String member : List.of("uid", "resourceVersion")) {
      String value = Trees.text(wanted, member);
      String actual = Trees.text(live, "metadata", member);
      if (!value.isEmpty() && !value.equals(actual)) {
        throw ApiException.conflict(
            kind,
            Trees.text(live, "metadata", "name"),
            "Precondition failed: %s in precondition: %s, in object meta: %s"
                .formatted(member, value, actual));
      }
    }
  }

  private Reply deleteCollection(WireRequest request, RequestInfo info, Kind kind) {
    if (kind.namespaced() && info.namespace().isEmpty()) {
      throw notAllowed();
    }
    return Replies.json(
        atomically(
            () -> {
              List<ObjectNode> chosen = lists.selected(request, kind, info.namespace());
              for (ObjectNode object : chosen) {
                Change.Key key = ObjectStore.keyOf(kind, object);
                if (store.find(key).isPresent() && !dryRun(request)) {
                  deletion.delete(key, false);
                }
              }
              return Lists.of(kind, chosen, store.version());
            }));
  }
}
