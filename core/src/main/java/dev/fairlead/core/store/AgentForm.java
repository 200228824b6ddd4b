package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import java.io.IOException;

/** An agent as JSON. */
final class AgentForm implements Form<StoredAgent> {

  @Override
  public String name() {
    return "agents";
  }

  @Override
  public String key(StoredAgent row) {
    return row.id();
  }

  @Override
  public void write(StoredAgent row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.id());
    out.writeStringField("cluster", row.cluster().value());
    out.writeStringField("notAfter", row.notAfter().toString());
    out.writeBooleanField("revoked", row.revoked());
  }

  @Override
  public StoredAgent read(JsonRow in) {
    return new StoredAgent(
        in.string("id"),
        ClusterName.of(in.string("cluster")),
        in.instant("notAfter"),
        in.truth("revoked"));
  }
}
