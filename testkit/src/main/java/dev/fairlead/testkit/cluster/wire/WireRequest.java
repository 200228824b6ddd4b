package dev.fairlead.testkit.cluster.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * One request as it came.
 *
 * @param method HTTP method
 * @param target path and query as sent
 * @param path decoded path
 * @param query decoded query parameters
 * @param headers values by lower-case name
 * @param body the whole body
 * @param certificate subject of the client's verified certificate, null when it sent none
 */
public record WireRequest(
    String method,
    String target,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body,
    @Nullable X500Principal certificate) {

  /** {@return the first value of a header, empty when absent} */
  public String header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? "" : values.get(0);
  }

  /** {@return the first value of a query parameter} */
  public Optional<String> parameter(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /** {@return whether a query parameter is set to true} */
  public boolean flag(String name) {
    String value = parameter(name).orElse("");
    return value.equals("true") || value.equals("1");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
