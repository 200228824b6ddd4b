package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallTokenInfo;
import java.io.IOException;

/** An install token as JSON. */
final class InstallTokenForm implements Form<StoredInstallToken> {

  @Override
  public String name() {
    return "install-tokens";
  }

  @Override
  public String key(StoredInstallToken row) {
    return row.info().id();
  }

  @Override
  public void write(StoredInstallToken row, JsonGenerator out) throws IOException {
    out.writeStringField("id", row.info().id());
    out.writeStringField("secretHash", row.secretHash());
    out.writeStringField("cluster", row.info().cluster().value());
    out.writeStringField("issuedAt", row.info().issuedAt().toString());
    out.writeStringField("expiresAt", row.info().expiresAt().toString());
    out.writeStringField("state", row.info().state().name());
  }

  @Override
  public StoredInstallToken read(JsonRow in) {
    return new StoredInstallToken(
        new InstallTokenInfo(
            in.string("id"),
            ClusterName.of(in.string("cluster")),
            in.instant("issuedAt"),
            in.instant("expiresAt"),
            in.oneOf("state", InstallTokenInfo.State.values())),
        in.string("secretHash"));
  }
}
