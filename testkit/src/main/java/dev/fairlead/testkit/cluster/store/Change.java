package dev.fairlead.testkit.cluster.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One committed change. The objects must not be modified.
 *
 * @param version resource version of the change; versions are consecutive
 * @param key what changed
 * @param before the object before, null when it was created
 * @param after the object after, null when it was deleted
 * @param last for a deletion the final state carrying the deletion's resource version, else {@code
 *     after}
 */
public record Change(
    long version,
    Key key,
    @Nullable ObjectNode before,
    @Nullable ObjectNode after,
    ObjectNode last) {

  /**
   * The identity of an object.
   *
   * @param kind its kind
   * @param namespace its namespace, empty when cluster-scoped
   * @param name its name
   */
  public record Key(Kind kind, String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byKind = kind.qualifiedPlural().compareTo(other.kind.qualifiedPlural());
      if (byKind != 0) {
        return byKind;
      }
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }
}
