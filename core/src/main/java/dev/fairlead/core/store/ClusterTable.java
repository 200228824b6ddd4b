package dev.fairlead.core.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.store.ClusterStore;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The clusters. */
final class ClusterTable implements ClusterStore {

  private final Table<StoredCluster> table;

  ClusterTable(Table<StoredCluster> table) {
    this.table = table;
  }

  @Override
  public StoredCluster merge(ClusterName name, Map<String, String> labels) {
    StoredCluster wanted = new StoredCluster(name, labels);
    return table.change(
        rows -> {
          StoredCluster present = rows.get(name.value());
          Map<String, String> merged =
              present == null ? new HashMap<>() : new HashMap<>(present.labels());
          merged.putAll(wanted.labels());
          StoredCluster result = new StoredCluster(name, merged);
          rows.put(name.value(), result);
          return result;
        });
  }

  @Override
  public Optional<StoredCluster> find(ClusterName name) {
    return Optional.ofNullable(table.rows().get(name.value()));
  }

  @Override
  public List<StoredCluster> list() {
    return table.rows().values().stream()
        .sorted(Comparator.comparing(StoredCluster::name))
        .toList();
  }

  @Override
  public boolean remove(ClusterName name) {
    Objects.requireNonNull(name, "name");
    return table.change(rows -> rows.remove(name.value()) != null);
  }
}
