package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.store.UserStore.StoredUser;
import java.io.IOException;

/** A user as JSON. */
final class UserForm implements Form<StoredUser> {

  @Override
  public String name() {
    return "users";
  }

  @Override
  public String key(StoredUser row) {
    return row.id();
  }

  @Override
  public void write(StoredUser row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("email", row.email());
    out.writeStringField("passwordHash", row.passwordHash());
    out.writeBooleanField("disabled", row.disabled());
    out.writeArrayFieldStart("roles");
    for (String role : row.roles()) {
      out.writeString(role);
    }
    out.writeEndArray();
    out.writeStringField("createdAt", row.createdAt().toString());
  }

  @Override
  public StoredUser read(JsonRow in) {
    return new StoredUser(
        in.string("id"),
        in.string("email"),
        in.string("passwordHash"),
        in.truth("disabled"),
        in.list("roles"),
        in.instant("createdAt"));
  }
}
