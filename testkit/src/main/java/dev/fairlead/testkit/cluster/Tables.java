package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.time.Clock;
import java.util.List;

/** Objects as {@code meta.k8s.io/v1} tables, for people. */
final class Tables {
  private final Columns columns;

  Tables(Clock clock) {
    columns = new Columns(clock);
  }

  ObjectNode of(Kind kind, List<ObjectNode> objects, WireRequest request) {
    ObjectNode table = Trees.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    ObjectNode metadata = table.putObject("metadata");
    if (objects.size() == 1) {
      metadata.put("resourceVersion", Trees.text(objects.get(0), "metadata", "resourceVersion"));
    }
    List<Columns.Column> chosen = columns.of(kind);
    // Watches repeat the header with every event: a client may join tables of several connections.
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Columns.Column column : chosen) {
      ObjectNode definition = definitions.addObject().put("name", column.name());
      definition.put("type", column.number() ? "integer" : "string");
      definition.put("format", column.name().equals("Name") ? "name" : "");
      definition.put("description", column.name()).put("priority", column.wide() ? 1 : 0);
    }
    ArrayNode rows = table.putArray("rows");
    String include = request.parameter("includeObject").orElse("Metadata");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      for (Columns.Column column : chosen) {
        String text = column.cell().apply(object);
        if (column.number()) {
          cells.add(Integer.parseInt(text));
        } else {
          cells.add(text);
        }
      }
      if (include.equals("Object")) {
        row.set("object", object);
      } else if (include.equals("Metadata")) {
        ObjectNode partial = row.putObject("object").put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/v1").set("metadata", object.path("metadata"));
      }
    }
    return table;
  }
}
