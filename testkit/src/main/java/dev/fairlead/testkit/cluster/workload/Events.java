package dev.fairlead.testkit.cluster.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.Deque;

/** Records what the controllers did as Event objects, and forgets the oldest. */
final class Events {
  private static final int KEPT = 256;

  private final ObjectStore store;
  private final Deque<Change.Key> recorded = new ArrayDeque<>();

  Events(ObjectStore store) {
    this.store = store;
  }

  void record(Kind kind, ObjectNode about, String component, String reason, String message) {
    String namespace = Trees.text(about, "metadata", "namespace");
    String home = namespace.isEmpty() ? "default" : namespace;
    ObjectNode event = Trees.object().put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", Trees.text(about, "metadata", "name") + "." + Names.hex(store.version()))
        .put("namespace", home);
    ObjectNode involved = event.putObject("involvedObject");
    involved.put("kind", kind.name()).put("apiVersion", kind.apiVersion());
    involved.put("name", Trees.text(about, "metadata", "name"));
    involved.put("uid", Trees.text(about, "metadata", "uid"));
    if (!namespace.isEmpty()) {
      involved.put("namespace", namespace);
    }
    event.put("reason", reason).put("message", message).put("type", "Normal").put("count", 1);
    event.putObject("source").put("component", component);
    event.put("reportingComponent", component).put("reportingInstance", "");
    event.put("firstTimestamp", store.now()).put("lastTimestamp", store.now());
    event.putNull("eventTime");
    recorded.add(ObjectStore.keyOf(Kinds.EVENT, store.create(Kinds.EVENT, event)));
    while (recorded.size() > KEPT) {
      Change.Key oldest = recorded.remove();
      if (store.find(oldest).isPresent()) {
        store.remove(oldest);
      }
    }
  }
}
