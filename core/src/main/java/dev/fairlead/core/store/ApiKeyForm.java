package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.Identity;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.api.store.ApiKeyStore.StoredApiKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An API key as JSON. */
final class ApiKeyForm implements Form<StoredApiKey> {

  @Override
  public String name() {
    return "api-keys";
  }

  @Override
  public String key(StoredApiKey row) {
    return row.id();
  }

  @Override
  public void write(StoredApiKey row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("secretHash", row.secretHash());
    out.writeStringField("owner", row.owner().name());
    out.writeStringField("description", row.description());
    writeUnlessNull("scope", row.scope(), out);
    out.writeStringField("createdAt", row.createdAt().toString());
    writeUnlessNull("expiresAt", row.expiresAt(), out);
    writeUnlessNull("lastUsedAt", row.lastUsedAt(), out);
    Identity identity = row.identity();
    out.writeStringField("username", identity.username());
    writeUnlessNull("uid", identity.uid(), out);
    writeList("groups", identity.groups(), out);
    out.writeObjectFieldStart("extra");
    for (Map.Entry<String, List<String>> extra : identity.extra().entrySet()) {
      writeList(extra.getKey(), extra.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void writeUnlessNull(String field, @Nullable Object value, JsonGenerator out)
      throws IOException {
    if (value != null) {
      out.writeStringField(field, value.toString());
    }
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
  public StoredApiKey read(JsonRow in) {
    return new StoredApiKey(
        in.string("id"),
        in.string("secretHash"),
        in.oneOf("owner", ApiKeyStore.Owner.values()),
        new Identity(
            in.string("username"), in.stringOrNull("uid"), in.list("groups"), in.lists("extra")),
        in.string("description"),
        in.stringOrNull("scope"),
        in.instant("createdAt"),
        in.instantOrNull("expiresAt"),
        in.instantOrNull("lastUsedAt"));
  }
}
