package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.store.ClusterStore.StoredCluster;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A cluster as JSON. */
final class ClusterForm implements Form<StoredCluster> {

  @Override
  public String name() {
    return "clusters";
  }

  @Override
  public String key(StoredCluster row) {
    return row.name().value();
  }

  @Override
  public void write(StoredCluster row, JsonGenerator out) throws IOException {
    out.writeStringField("name", row.name().value());
    out.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : new TreeMap<>(row.labels()).entrySet()) {
      out.writeStringField(label.getKey(), label.getValue());
    }
    out.writeEndObject();
  }

  @Override
  public StoredCluster read(JsonRow in) {
    return new StoredCluster(ClusterName.of(in.string("name")), in.strings("labels"));
  }
}
