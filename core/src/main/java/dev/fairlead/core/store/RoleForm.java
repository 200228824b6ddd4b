package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.store.RoleStore.StoredRoles;
import java.io.IOException;

/** The roles as JSON: a single row. */
final class RoleForm implements Form<StoredRoles> {

  static final String KEY = "roles";

  @Override
  public String name() {
    return "roles";
  }

  @Override
  public String key(StoredRoles row) {
    return KEY;
  }

  @Override
  public void write(StoredRoles row, JsonGenerator out) throws IOException {
    out.writeStringField("text", row.text());
  }

  @Override
  public StoredRoles read(JsonRow in) {
    return new StoredRoles(in.string("text"));
  }
}
