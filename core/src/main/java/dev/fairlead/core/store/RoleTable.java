package dev.fairlead.core.store;

import dev.fairlead.api.store.RoleStore;
import java.util.Map;
import java.util.Objects;

/** The roles. Who watches is told by the thread that made a change, before that goes on. */
final class RoleTable implements RoleStore {

  private static final StoredRoles NONE = new StoredRoles("");

  private final Table<StoredRoles> table;
  private final Watches watches = new Watches();

  RoleTable(Table<StoredRoles> table) {
    this.table = table;
  }

  @Override
  public StoredRoles get() {
    return of(table.rows());
  }

  private static StoredRoles of(Map<String, StoredRoles> rows) {
    return rows.getOrDefault(RoleForm.KEY, NONE);
  }

  @Override
  public boolean replace(StoredRoles before, StoredRoles after) {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    boolean done =
        table.change(
            rows -> {
              if (!before.equals(of(rows))) {
                return false;
              }
              rows.put(RoleForm.KEY, after);
              return true;
            });
    if (done) {
      watches.tell();
    }
    return done;
  }

  @Override
  public Watch watch(Runnable changed) {
    return watches.add(changed);
  }
}
