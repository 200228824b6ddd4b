package dev.fairlead.core.store;

import dev.fairlead.api.LimitException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows by key, in the order they were added. Readers see an immutable snapshot and never wait;
 * writers take turns, and what they change becomes visible once it is kept.
 */
final class Table<V> {

  static final int MOST_ROWS = 100_000;

  private final Form<V> form;
  private final Keeper<V> keeper;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Map<String, V> snapshot;

  Table(Form<V> form, Keeper<V> keeper) {
    this.form = form;
    this.keeper = keeper;
  }

  void open() {
    writing.lock();
    try {
      Map<String, V> rows = new LinkedHashMap<>();
      for (V row : keeper.load()) {
        rows.put(form.key(row), row);
      }
      snapshot = Collections.unmodifiableMap(rows);
    } finally {
      writing.unlock();
    }
  }

  void close() {
    writing.lock();
    try {
      snapshot = null;
    } finally {
      writing.unlock();
    }
  }

  /** The rows as they are now. */
  Map<String, V> rows() {
    Map<String, V> rows = snapshot;
    if (rows == null) {
      throw new IllegalStateException(
          form.name() + ": the stores are not open (expected: open() before)");
    }
    return rows;
  }

  /**
   * Lets {@code edit} change a copy of the rows, keeps the copy if it differs, and then shows it to
   * everybody.
   */
  <R> R change(Function<Map<String, V>, R> edit) {
    writing.lock();
    try {
      Map<String, V> before = rows();
      Map<String, V> draft = new LinkedHashMap<>(before);
      R result = edit.apply(draft);
      if (!draft.equals(before)) {
        if (draft.size() > Math.max(MOST_ROWS, before.size())) {
          throw new LimitException(
              form.name() + ": " + draft.size() + " (expected: at most " + MOST_ROWS + ")");
        }
        keeper.keep(draft.values());
        snapshot = Collections.unmodifiableMap(draft);
      }
      return result;
    } finally {
      writing.unlock();
    }
  }
}
