package dev.fairlead.core.store;

import java.util.Collection;
import java.util.List;

/** Where the rows of one table outlive the process, or do not. */
interface Keeper<V> {

  /** What was kept last, in that order; no key comes twice. */
  List<V> load();

  /**
   * Keeps these rows in place of all others; returns when they are safe, or throws and changes
   * nothing.
   */
  void keep(Collection<V> rows);
}
