package dev.fairlead.agent.upstream;

import dev.fairlead.api.transport.TlsMaterial;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An API server whose address and TLS never change. */
final class FixedApiServer extends ApiServer {

  private final URI address;
  private final TlsMaterial tls;
  private final @Nullable Supplier<String> bearerToken;

  FixedApiServer(URI address, TlsMaterial tls, @Nullable Supplier<String> bearerToken) {
    ApiAccess.requireAddress(address);
    this.address = address;
    this.tls = Objects.requireNonNull(tls, "tls");
    this.bearerToken = bearerToken;
  }

  @Override
  ApiAccess load() {
    String token = bearerToken == null ? null : bearerToken.get().strip();
    return new ApiAccess(address, tls, tls, null, token);
  }

  @Override
  public String toString() {
    return "ApiServer[" + address + "]";
  }
}
