package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.FieldSelector;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.LabelSelector;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** Lists, in chunks when asked, and watches. */
final class Lists {
  private static final Duration PULSE = Duration.ofSeconds(30);

  private final ObjectStore store;
  private final Tables tables;

  Lists(ObjectStore store, Tables tables) {
    this.store = store;
    this.tables = tables;
  }

  static ObjectNode of(Kind kind, List<ObjectNode> objects, long version) {
    ObjectNode list = Trees.object().put("kind", kind.name() + "List");
    list.put("apiVersion", kind.apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    list.putArray("items").addAll(objects);
    return list;
  }

  List<ObjectNode> selected(WireRequest request, Kind kind, String namespace) {
    return store.list(kind, namespace).stream().filter(selection(request, kind)).toList();
  }

  private static Predicate<JsonNode> selection(WireRequest request, Kind kind) {
    Predicate<JsonNode> labels = LabelSelector.parse(request.parameter("labelSelector").orElse(""));
    return labels.and(FieldSelector.parse(kind, request.parameter("fieldSelector").orElse("")));
  }

  Reply list(WireRequest request, Kind kind, String namespace) {
    boolean table = Accept.table(request.header("accept"));
    int limit = (int) number(request, "limit");
    String token = request.parameter("continue").orElse("");
    long at = 0;
    String after = "";
    if (!token.isEmpty()) {
      String[] parts = decode(token);
      at = Long.parseLong(parts[0]);
      after = parts[1];
    } else if (request.parameter("resourceVersionMatch").orElse("").equals("Exact")) {
      at = number(request, "resourceVersion");
    }
    requireReached(Math.max(at, number(request, "resourceVersion")));
    ObjectStore.Snapshot snapshot;
    try {
      snapshot = store.snapshot(kind, namespace, at);
    } catch (ApiException e) {
      throw ApiException.expired(
          "The provided continue parameter is too old to display a consistent list result. You"
              + " must start a new list without the continue parameter.");
    }
    String from = after;
    List<ObjectNode> rest =
        snapshot.objects().stream()
            .filter(selection(request, kind))
            .filter(object -> position(object).compareTo(from) > 0)
            .toList();
    boolean more = limit > 0 && rest.size() > limit;
    List<ObjectNode> page = more ? rest.subList(0, limit) : rest;
    ObjectNode body = table ? tables.of(kind, page, request) : of(kind, page, snapshot.version());
    ObjectNode metadata = Trees.child(body, "metadata");
    metadata.put("resourceVersion", Long.toString(snapshot.version()));
    if (more) {
      String last = position(page.get(page.size() - 1));
      metadata.put("continue", encode(snapshot.version(), last));
      metadata.put("remainingItemCount", rest.size() - limit);
    }
    return Replies.json(body);
  }

  private void requireReached(long version) {
    long current = store.version();
    if (version > current) {
      throw ApiException.of(
          504, "Timeout", "Too large resource version: " + version + ", current: " + current);
    }
  }

  Reply watch(WireRequest request, Kind kind, String namespace) {
    boolean table = Accept.table(request.header("accept"));
    boolean bookmarks = request.flag("allowWatchBookmarks");
    boolean initial = request.flag("sendInitialEvents");
    boolean match = request.parameter("resourceVersionMatch").orElse("").equals("NotOlderThan");
    if (request.parameter("sendInitialEvents").isPresent() && !match) {
      throw ApiException.invalid(
          kind,
          "",
          List.of(
              new ApiException.Cause(
                  "FieldValueForbidden",
                  "Forbidden: sendInitialEvents requires setting resourceVersionMatch to"
                      + " NotOlderThan",
                  "resourceVersionMatch")));
    }
    long from = number(request, "resourceVersion");
    requireReached(from);
    WatchSource source =
        new WatchSource(
            store,
            kind,
            namespace,
            selection(request, kind),
            table ? object -> tables.of(kind, List.of(object), request) : object -> object,
            bookmarks && !table);
    if (initial || (from == 0 && request.parameter("sendInitialEvents").isEmpty())) {
      source.startWithState(initial);
    } else {
      source.startAfter(from == 0 ? store.version() : from);
    }
    return new Reply.Streamed(
        Replies.JSON, source, PULSE, Duration.ofSeconds(number(request, "timeoutSeconds")));
  }

  private static long number(WireRequest request, String name) {
    String value = request.parameter(name).orElse("");
    try {
      long number = value.isEmpty() ? 0 : Long.parseLong(value);
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same answer as a number out of range.
    }
    throw ApiException.badRequest(name + ": \"" + value + "\" (expected: a non-negative integer)");
  }

  private static String position(JsonNode object) {
    String namespace = Trees.text(object, "metadata", "namespace");
    return namespace + "/" + Trees.text(object, "metadata", "name");
  }

  private static String encode(long version, String position) {
    byte[] token = (version + " " + position).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private static String[] decode(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      String[] parts = text.split(" ", 2);
      if (parts.length == 2 && parts[0].matches("[1-9][0-9]{0,8}")) {
        return parts;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the same answer as a token of another make.
    }
    throw ApiException.badRequest("continue key is not valid");
  }
}
