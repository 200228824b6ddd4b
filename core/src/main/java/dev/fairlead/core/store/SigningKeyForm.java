package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.store.SigningKeyStore.StoredSigningKey;
import java.io.IOException;
import java.time.Instant;

/** A signing key as JSON. */
final class SigningKeyForm implements Form<StoredSigningKey> {

  @Override
  public String name() {
    return "signing-keys";
  }

  @Override
  public String key(StoredSigningKey row) {
    return row.id();
  }

  @Override
  public void write(StoredSigningKey row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("privateKey", row.privateKey());
    out.writeStringField("publicKey", row.publicKey());
    out.writeStringField("createdAt", row.createdAt().toString());
    Instant verifiesUntil = row.verifiesUntil();
    if (verifiesUntil != null) {
      out.writeStringField("verifiesUntil", verifiesUntil.toString());
    }
  }

  @Override
  public StoredSigningKey read(JsonRow in) {
    return new StoredSigningKey(
        in.string("id"),
        in.string("privateKey"),
        in.string("publicKey"),
        in.instant("createdAt"),
        in.instantOrNull("verifiesUntil"));
  }
}
