package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.Identity;
import dev.fairlead.api.store.AccessTokenStore.StoredAccessToken;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An access token as JSON. */
final class AccessTokenForm implements Form<StoredAccessToken> {

  @Override
  public String name() {
    return "access-tokens";
  }

  @Override
  public String key(StoredAccessToken row) {
    return row.id();
  }

  @Override
  public void write(StoredAccessToken row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("secretHash", row.secretHash());
    Instant expiresAt = row.expiresAt();
    if (expiresAt != null) {
      out.writeStringField("expiresAt", expiresAt.toString());
    }
    Identity identity = row.identity();
    out.writeStringField("username", identity.username());
    String uid = identity.uid();
    if (uid != null) {
      out.writeStringField("uid", uid);
    }
    writeList("groups", identity.groups(), out);
    out.writeObjectFieldStart("extra");
    for (Map.Entry<String, List<String>> extra : identity.extra().entrySet()) {
      writeList(extra.getKey(), extra.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void writeList(String field, List<String> values, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  @Override
  public StoredAccessToken read(JsonRow in) {
    return new StoredAccessToken(
        in.string("id"),
        in.string("secretHash"),
        new Identity(
            in.string("username"), in.stringOrNull("uid"), in.list("groups"), in.lists("extra")),
        in.instantOrNull("expiresAt"));
  }
}
