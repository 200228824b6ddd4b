package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.store.SessionStore.StoredSession;
import java.io.IOException;

/** A session as JSON. */
final class SessionForm implements Form<StoredSession> {

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public String key(StoredSession row) {
    return row.id();
  }

  @Override
  public void write(StoredSession row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("userId", row.userId());
    out.writeStringField("familyHash", row.familyHash());
    out.writeStringField("tokenHash", row.tokenHash());
    out.writeStringField("startedAt", row.startedAt().toString());
    out.writeStringField("expiresAt", row.expiresAt().toString());
  }

  @Override
  public StoredSession read(JsonRow in) {
    return new StoredSession(
        in.string("id"),
        in.string("userId"),
        in.string("familyHash"),
        in.string("tokenHash"),
        in.instant("startedAt"),
        in.instant("expiresAt"));
  }
}
