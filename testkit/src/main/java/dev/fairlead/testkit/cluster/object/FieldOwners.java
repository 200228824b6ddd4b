package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Field ownership: server-side apply with conflicts, and {@code managedFields} of every other
 * write.
 */
public final class FieldOwners {
  private static final String APPLY = "Apply";
  private static final String UPDATE = "Update";

  /**
   * Who writes.
   *
   * @param name field manager
   * @param subresource subresource written through, empty for the main resource
   * @param time RFC 3339 time of the write
   */
  public record Writer(String name, String subresource, String time) {}

  private record Entry(
      String manager,
      String operation,
      String subresource,
      String time,
      String apiVersion,
      FieldSet fields) {
    boolean is(Writer writer, String op) {
      return manager.equals(writer.name())
          && operation.equals(op)
          && subresource.equals(writer.subresource());
    }
  }

  private final FieldWalk walk;

  public FieldOwners(Schema schema) {
    this.walk = new FieldWalk(schema);
  }

  /**
   * Server-side apply.
   *
   * @param kind kind of the object
   * @param live the object as it is, null when it is to be created
   * @param applied the configuration, not changed
   * @param writer who applies
   * @param force whether to take fields over from other managers
   * @return the new object with its managedFields
   * @throws ApiException 409 when others own fields and {@code force} is false
   */
  public ObjectNode apply(
      Kind kind, @Nullable ObjectNode live, ObjectNode applied, Writer writer, boolean force) {
    FieldType root = Schema.root(kind);
    ObjectNode config = walk.tracked(applied);
    FieldSet stated = walk.stated(config, root);
    List<Entry> others = new ArrayList<>(live == null ? List.of() : read(live));
    Entry mine = others.stream().filter(e -> e.is(writer, APPLY)).findFirst().orElse(null);
    others.remove(mine);
    if (live != null) {
      ObjectNode current = walk.tracked(live);
      List<ApiException.Cause> causes = new ArrayList<>();
      for (Entry other : others) {
        FieldSet conflicts =
            walk.differing(stated.intersect(other.fields()), config, current, root);
        if (force) {
          other.fields().removeAll(conflicts);
        } else {
          addCauses(causes, other, conflicts);
        }
      }
      if (!causes.isEmpty()) {
        throw ApiException.ownership(message(causes), causes);
      }
    }
    ObjectNode result = live == null ? Trees.object() : live.deepCopy();
    ObjectNode bare = applied.deepCopy();
    if (bare.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    result = Trees.requireObject(walk.merge(result, bare, root));
    if (mine != null) {
      FieldSet abandoned = mine.fields();
      abandoned.removeAll(stated);
      for (Entry other : others) {
        abandoned.removeAll(other.fields());
      }
      walk.cut(result, abandoned, root);
    }
    List<Entry> entries = new ArrayList<>(others);
    entries.add(
        new Entry(
            writer.name(), APPLY, writer.subresource(), writer.time(), kind.apiVersion(), stated));
    write(result, entries);
    return result;
  }

  /**
   * Records the ownership of any write but an apply.
   *
   * @param kind kind of the object
   * @param live the object before, null when it was created
   * @param updated the object after; its managedFields are rewritten
   * @param writer who wrote
   */
  public void update(Kind kind, @Nullable ObjectNode live, ObjectNode updated, Writer writer) {
    JsonNode given = Trees.at(updated, "metadata", "managedFields");
    ObjectNode base = given.isArray() || live == null ? updated : live;
    List<Entry> entries = new ArrayList<>(read(base));
    FieldSet changed = new FieldSet();
    FieldSet gone = new FieldSet();
    walk.compare(
        live == null ? Trees.object() : walk.tracked(live),
        walk.tracked(updated),
        Schema.root(kind),
        changed,
        gone);
    List<Entry> kept = new ArrayList<>();
    FieldSet owned = new FieldSet();
    String time = writer.time();
    for (Entry entry : entries) {
      entry.fields().removeBelow(gone);
      if (entry.is(writer, UPDATE)) {
        owned.addAll(entry.fields());
        time = changed.isEmpty() ? entry.time() : time;
      } else {
        entry.fields().removeAll(changed);
        kept.add(entry);
      }
    }
    owned.addAll(changed);
    kept.add(
        new Entry(writer.name(), UPDATE, writer.subresource(), time, kind.apiVersion(), owned));
    write(updated, kept);
  }

  private static void addCauses(List<ApiException.Cause> causes, Entry other, FieldSet conflicts) {
    for (String path : conflicts.paths()) {
      StringBuilder text = new StringBuilder("conflict with \"").append(other.manager());
      text.append('"');
      if (!other.subresource().isEmpty()) {
        text.append(" with subresource \"").append(other.subresource()).append('"');
      }
      if (other.operation().equals(UPDATE)) {
        text.append(" using ").append(other.apiVersion());
      }
      causes.add(new ApiException.Cause("FieldManagerConflict", text.toString(), path));
    }
  }

  private static String message(List<ApiException.Cause> causes) {
    if (causes.size() == 1) {
      ApiException.Cause only = causes.get(0);
      return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
    }
    StringBuilder text = new StringBuilder("Apply failed with " + causes.size() + " conflicts: ");
    String last = "";
    for (ApiException.Cause cause : causes) {
      if (!cause.message().equals(last)) {
        text.append(last.isEmpty() ? "" : "\n");
        text.append(cause.message().replaceFirst("^conflict ", "conflicts ")).append(":");
        last = cause.message();
      }
      text.append("\n- ").append(cause.field());
    }
    return text.toString();
  }

  private static List<Entry> read(ObjectNode object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : Trees.at(object, "metadata", "managedFields")) {
      if (entry.hasNonNull("manager")) {
        entries.add(
            new Entry(
                Trees.text(entry, "manager"),
                Trees.text(entry, "operation"),
                Trees.text(entry, "subresource"),
                Trees.text(entry, "time"),
                Trees.text(entry, "apiVersion"),
                FieldSet.parse(entry.path("fieldsV1"))));
      }
    }
    return entries;
  }

  private static void write(ObjectNode object, List<Entry> entries) {
    ArrayNode list = Trees.array();
    for (Entry entry : entries) {
      if (entry.fields().isEmpty()) {
        continue;
      }
      ObjectNode json = list.addObject();
      json.put("manager", entry.manager()).put("operation", entry.operation());
      json.put("apiVersion", entry.apiVersion()).put("time", entry.time());
      json.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields().toJson());
      if (!entry.subresource().isEmpty()) {
        json.put("subresource", entry.subresource());
      }
    }
    Trees.child(object, "metadata").set("managedFields", list);
  }
}
