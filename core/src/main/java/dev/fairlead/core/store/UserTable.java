package dev.fairlead.core.store;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.UserStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The users. */
final class UserTable implements UserStore {

  private final Table<StoredUser> table;

  UserTable(Table<StoredUser> table) {
    this.table = table;
  }

  @Override
  public void add(StoredUser user) {
    Objects.requireNonNull(user, "user");
    table.<Boolean>change(
        rows -> {
          requireFree(user, rows);
          if (rows.putIfAbsent(user.id(), user) != null) {
            throw new ConflictException("user " + user.id() + ": exists (expected: a new id)");
          }
          return true;
        });
  }

  private static void requireFree(StoredUser user, Map<String, StoredUser> rows) {
    for (StoredUser other : rows.values()) {
      if (other.email().equals(user.email()) && !other.id().equals(user.id())) {
        throw new ConflictException(
            "user " + user.email() + ": exists (expected: an e-mail that nobody has)");
      }
    }
  }

  @Override
  public Optional<StoredUser> find(String id) {
    return Optional.ofNullable(table.rows().get(Objects.requireNonNull(id, "id")));
  }

  @Override
  public Optional<StoredUser> findByEmail(String email) {
    Objects.requireNonNull(email, "email");
    return table.rows().values().stream().filter(user -> user.email().equals(email)).findFirst();
  }

  @Override
  public boolean replace(StoredUser before, StoredUser after) {
    if (!before.id().equals(after.id())) {
      throw new IllegalArgumentException("user: another id (expected: " + before.id() + ")");
    }
    return table.change(
        rows -> {
          if (!before.equals(rows.get(before.id()))) {
            return false;
          }
          requireFree(after, rows);
          rows.put(after.id(), after);
          return true;
        });
  }

  @Override
  public boolean remove(String id) {
    Objects.requireNonNull(id, "id");
    return table.change(rows -> rows.remove(id) != null);
  }

  @Override
  public List<StoredUser> list() {
    return List.copyOf(table.rows().values());
  }
}
