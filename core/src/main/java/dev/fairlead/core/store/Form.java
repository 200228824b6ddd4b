package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** How one kind of row is named, identified and written as JSON. */
interface Form<V> {

  /** What the rows are, in the plural; also the name of their file, without its ending. */
  String name();

  /** What tells one row from another. */
  String key(V row);

  /** Writes the fields of a row into an object that was begun. */
  void write(V row, JsonGenerator out) throws IOException;

  /**
   * Makes a row of an object's fields.
   *
   * @throws RuntimeException if a field is missing, of another type, or has a value that cannot be
   */
  V read(JsonRow in);
}
