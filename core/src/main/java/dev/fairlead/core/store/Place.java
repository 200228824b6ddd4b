package dev.fairlead.core.store;

/** Where a set of tables is kept. */
interface Place {

  /** Takes possession, so that nobody else does. */
  void open();

  /** The keeper of one table. */
  <V> Keeper<V> keeper(Form<V> form);

  /** Called after all tables were loaded. */
  void opened();

  /** Gives up possession; does nothing if there is none. */
  void close();
}
